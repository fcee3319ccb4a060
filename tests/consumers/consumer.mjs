import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { delimiter, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort } from '../faults/free-port.mjs'

const sources = fileURLToPath(new URL('.', import.meta.url))
const root = join(sources, '..', '..')
const target = join(root, 'target', 'consumers')
const tarball = 'eventsource-wasm.tgz'

/** Long enough for a cold build beside others. */
const COMMAND_TIMEOUT_MS = 240_000
const READY_TIMEOUT_MS = 90_000

let packing

/** Packs the package, once for every run, as a release would; resolves to the digest of the archive. */
const packed = () => packing ??= (async () => {
  await mkdir(target, { recursive: true })
  const folder = await mkdtemp(join(target, 'packed-'))
  await promisify(execFile)('npm', ['pack', join(root, 'pkg'), '--pack-destination', folder], { cwd: folder })
  const [name] = await readdir(folder)
  const bytes = await readFile(join(folder, name))
  await writeFile(join(target, tarball), bytes)
  await rm(folder, { recursive: true })
  return createHash('sha256').update(bytes).digest('hex')
})()

/**
 * Lays the files of a consumer into `target/consumers` and installs what its manifest says, the packed package among it.
 * What was installed before stays as long as the manifest does, and the package in it is replaced when it has changed.
 */
export async function installed(name) {
  const archive = await packed()
  const from = join(sources, name)
  const directory = join(target, name)
  const manifest = await readFile(join(from, 'package.json'), 'utf8')
  await mkdir(directory, { recursive: true })
  for (const entry of await readdir(directory)) {
    if (!['node_modules', 'package-lock.json', 'installed.json'].includes(entry)) await rm(join(directory, entry), { recursive: true })
  }
  await cp(from, directory, { recursive: true })
  await cp(join(sources, 'play.js'), join(directory, 'play.js'))

  const stamp = join(directory, 'installed.json')
  const before = JSON.parse(await readFile(stamp, 'utf8').catch(() => '{}'))
  const consumer = new Consumer(directory, JSON.parse(manifest))
  if (before.manifest !== manifest) {
    await rm(stamp, { force: true })
    await rm(join(directory, 'package-lock.json'), { force: true })
    await rm(join(directory, 'node_modules'), { recursive: true, force: true })
    await consumer.run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'])
  } else if (before.archive !== archive) {
    for (const place of consumer.placesOfPackage()) await consumer.unpackInto(place)
    for (const cache of ['.vite', '.cache']) await rm(join(directory, 'node_modules', cache), { recursive: true, force: true })
  }
  await writeFile(stamp, JSON.stringify({ manifest, archive }))
  if (Number(/\d+/.exec(consumer.manifest.engines?.node ?? '0')) > 20) consumer.path.unshift(await nodeFolder('node-24'))
  return consumer
}

/** The folder of another Node, which the npm package `node` brings. */
export async function nodeFolder(name) {
  const { directory } = await installed(name)
  return join(directory, 'node_modules', 'node', 'bin')
}

class Consumer {
  constructor(directory, manifest) {
    this.directory = directory
    this.manifest = manifest
    this.path = [join(directory, 'node_modules', '.bin')]
  }

  /** Where the package is, by the names that the consumer gives it. */
  placesOfPackage() {
    const { dependencies = {}, overrides = {} } = this.manifest
    const names = [dependencies, overrides].flatMap((all) => Object.keys(all).filter((name) => all[name] === `file:../${tarball}`))
    return names.map((name) => join(this.directory, 'node_modules', name))
  }

  async unpackInto(folder) {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    await this.run('tar', ['-xzf', join(target, tarball), '-C', folder, '--strip-components=1'])
  }

  /** Runs a command in the consumer's folder and resolves to all that it wrote. Rejects, with that, where it fails. */
  run(command, args, { env = {}, timeout = COMMAND_TIMEOUT_MS } = {}) {
    return new Promise((resolve, reject) => {
      const options = { cwd: this.directory, env: this.#environment(env), timeout, maxBuffer: 1 << 26 }
      execFile(command, args, options, (error, stdout, stderr) => {
        const output = stdout + stderr
        if (error) reject(new Error(`${command} ${args.join(' ')}: ${error.signal ?? error.code}\n${output}`))
        else resolve(output)
      })
    })
  }

  /**
   * Starts a server and resolves, once it answers, to its origin, what it `wrote` and how to `stop` it. The arguments are a
   * function of the port.
   */
  async serve(command, argumentsFor, { env = () => ({}), path = '/' } = {}) {
    const port = await freePort()
    const child = spawn(command, argumentsFor(port), {
      cwd: this.directory, env: this.#environment(env(port)), stdio: ['ignore', 'pipe', 'pipe'], detached: true,
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => { output += text })
    const ended = once(child, 'exit')
    const end = () => {
      try {
        process.kill(-child.pid, 'SIGKILL')
      } catch {
        // Nothing of the group is left.
      }
    }
    process.once('exit', end)
    const stop = async () => {
      process.off('exit', end)
      end()
      await ended
    }
    const origin = `http://localhost:${port}`
    try {
      await answered(origin + path, child)
    } catch (error) {
      await stop()
      throw new Error(`${command} ${argumentsFor(port).join(' ')}: ${error.message}\n${output}`)
    }
    return { origin, stop, wrote: () => output }
  }

  #environment(env) {
    // What the test runner tells its children is not for the consumer's own tests.
    const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, ...outer } = process.env
    return { ...outer, PATH: [...this.path, process.env.PATH].join(delimiter), CI: '1', NO_COLOR: '1', ...env }
  }
}

async function answered(url, child) {
  const deadline = performance.now() + READY_TIMEOUT_MS
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}`)
    const response = await fetch(url, { signal: AbortSignal.timeout(READY_TIMEOUT_MS) }).catch(() => undefined)
    await response?.body?.cancel()
    if (response) return
    await wait(100)
  }
  throw new Error(`did not answer in ${READY_TIMEOUT_MS} ms`)
}
