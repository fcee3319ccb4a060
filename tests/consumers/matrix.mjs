import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { Server } from '../e2e/server.mjs'
import { installed } from './consumer.mjs'
import { openConsumerBrowser, visit } from './page.mjs'

const whole = process.env.CONSUMERS === 'all'
let browser

after(() => browser?.close())

/** Visits a page in the browser that all consumers of a file share; see `visit`. */
export async function visitPage(url) {
  browser ??= await openConsumerBrowser()
  await visit(browser, url)
}

/** Visits pages in a folder that was built. */
export async function visitBuilt(directory, ...pages) {
  const server = await Server.start()
  try {
    server.folder('/', directory)
    for (const page of pages) await visitPage(`${server.origin}/${page}.html`)
  } finally {
    await server.close()
  }
}

/**
 * Declares what is tried with one consumer: a folder beside this file, which is installed before the first of its tests. `tool` is
 * the dependency whose version says what was tried. Consumers that are not `core` are tried by `npm run test:consumers` alone;
 * there, one that cannot be installed is skipped and says why. `declare` gets a function that declares a test of the consumer.
 */
export function consumer(title, { folder, tool, core = false }, declare) {
  if (!core && !whole) return
  const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(new URL(`${folder}/package.json`, import.meta.url), 'utf8'))
  const version = tool && { ...dependencies, ...devDependencies }[tool].replace(/^.*@/, '')
  describe(version ? `${title} ${version}` : title, () => {
    let of, missing
    before(async () => {
      try {
        of = await installed(folder)
      } catch (error) {
        if (core) throw error
        missing = error
      }
    })
    declare((name, work) => test(name, async (context) => {
      if (missing) context.skip(`not installed: ${missing.message}`)
      else await work(of)
    }))
  })
}
