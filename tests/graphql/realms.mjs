/** Where the client is tried: in Node, which runs the tests, and in a page of each engine. */
import assert from 'node:assert/strict'
import { sep } from 'node:path'
import { after, afterEach, before, describe } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { importMap, packedPackage } from '../e2e/packed.mjs'
import { onEveryEngine } from '../e2e/stage.mjs'
import { Server } from '../e2e/server.mjs'

/**
 * Declares a suite for Node and for every engine of this run. `declare` gets a realm: `server`, which has endpoints, and
 * `run(script, ...args)`, which calls a function there with the modules and JSON arguments, and resolves to JSON.
 */
export function onEveryRealm(name, declare) {
  describe(`${name} (node)`, () => declare(nodeRealm()))
  onEveryEngine(name, (stage) => declare(pageRealm(stage)))
}

/** The same in Node alone. */
export function inNode(name, declare) {
  describe(`${name} (node)`, () => declare(nodeRealm()))
}

function nodeRealm() {
  const realm = { name: 'node' }
  let packed, modules
  before(async () => {
    packed = await packedPackage()
    realm.server = await Server.start()
    const entries = importMap(packed.manifest, packed.directory + sep)
    modules = {
      ...await import(pathToFileURL(entries['eventsource-wasm'])),
      ...await import(pathToFileURL(entries['eventsource-wasm/graphql'])),
      ...await import('./listening.mjs'),
    }
  })
  const { error } = console
  let printed = []
  before(() => { console.error = (...all) => printed.push(all.map((one) => one?.message ?? String(one)).join(' ')) })
  afterEach(() => {
    assert.deepEqual(printed, [], 'what nobody expected to be reported')
    printed = []
  })
  after(async () => {
    console.error = error
    await realm.server?.close()
    await packed?.remove()
  })
  realm.run = async (script, ...args) => JSON.parse(JSON.stringify(await script(modules, ...args) ?? null))
  realm.takeReported = async () => printed.splice(0)
  return realm
}

function pageRealm(stage) {
  const realm = { name: stage.engineName, get server() { return stage.server } }
  before(() => { stage.server.folder('/graphql/', fileURLToPath(new URL('.', import.meta.url))) })
  realm.run = (script, ...args) => stage.evaluate(async (script, args) => {
    const all = await Promise.all(['eventsource-wasm', 'eventsource-wasm/graphql', '/graphql/listening.mjs'].map((name) => import(name)))
    return (0, eval)(`(${script})`)(Object.assign({}, ...all), ...args)
  }, String(script), args)
  realm.takeReported = () => stage.browser.takeUncaught().then((all) => all.map((one) => one.replace(/^Error: /, '')))
  return realm
}
