// Installs what a clone needs and this machine lacks. Depends on nothing but Node, since it runs before `npm ci`.
import { accessSync, constants, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { programs as chromium } from './chromium.mjs'
import { root, run } from './run.mjs'
import { cache, toolFolder, tools } from './tools.mjs'

const read = (file) => readFileSync(join(root, file), 'utf8')
const quietly = (command, ...args) => run(command, args, { quiet: true })
const fail = (sentence) => {
  console.error(sentence)
  process.exit(1)
}

/** Runs the commands that install `what` and prints one line about it. */
const install = async (what, commands) => {
  const start = performance.now()
  process.stdout.write(`Installing ${what} ...`)
  for (const { command, args, env } of commands) {
    const { code, output } = await run(command, args, { quiet: true, env })
    if (code !== 0) fail(`\n${output}\nCould not install ${what}: see above what "${command} ${args.join(' ')}" said.`)
  }
  console.log(` ${((performance.now() - start) / 1000).toFixed(1)} s`)
}

/** The toolchain, components and targets that `rust-toolchain.toml` pins. */
export const toolchain = async () => {
  const pin = read('rust-toolchain.toml')
  const names = (key) => JSON.parse(new RegExp(`${key} = (\\[.*\\])`).exec(pin)[1])
  const channel = /channel = "(.+)"/.exec(pin)[1]
  const rustup = (what, ...args) => install(what, [{ command: 'rustup', args }])

  const installed = await quietly('rustup', 'toolchain', 'list')
  if (installed.code !== 0) fail('Rust is missing: install rustup from https://rustup.rs and run this again.')
  // Only when it is missing: for an installed toolchain the same command may change it under everyone who uses it.
  if (!installed.output.split('\n').some((line) => line.startsWith(`${channel}-`))) {
    await rustup(`Rust ${channel}`, 'toolchain', 'install', channel, '--profile', 'minimal', '--no-self-update')
  }
  const { output } = await quietly('rustup', 'component', 'list', '--installed', '--toolchain', channel)
  for (const component of names('components')) {
    if (!output.includes(`${component}-`)) await rustup(component, 'component', 'add', component, '--toolchain', channel)
  }
  for (const target of names('targets')) {
    if (!output.includes(`rust-std-${target}`)) await rustup(target, 'target', 'add', target, '--toolchain', channel)
  }
}

const modified = (file) => statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0

/** The npm packages of `package-lock.json`. */
export const packages = async () => {
  if (modified('node_modules/.package-lock.json') >= modified('package-lock.json')) return
  await install('npm packages', [{ command: 'npm', args: ['ci'] }])
}

const hasVersion = async (program, version) => {
  const { code, output } = await quietly(program, '--version')
  return code === 0 && output.split('\n', 1)[0].split(' ').includes(version)
}

const isMissing = async (name) => {
  const { programs, version } = tools[name]
  return !(await Promise.all(programs.map((program) => hasVersion(program, version)))).every(Boolean)
}

/** Tools of that table: from PATH if they are there in the right version, otherwise built into the user's cache. */
export const rustTools = async (names) => {
  const missing = []
  for (const name of names) if (await isMissing(name)) missing.push(name)
  if (missing.length === 0) return
  mkdirSync(cache, { recursive: true })
  // A folder of its own: several clones may be set up at the same time.
  const buildFolder = mkdtempSync(join(cache, 'build-'))
  process.once('exit', () => rmSync(buildFolder, { recursive: true, force: true }))
  for (const name of missing) {
    const { version, programs, locked } = tools[name]
    // A debug build takes half the time of a release build, and the tools are fast enough.
    const args = ['install', name, '--version', `=${version}`, '--root', toolFolder(name), '--debug']
    if (locked) args.push('--locked')
    for (const program of programs) args.push('--bin', program)
    await install(`${name} ${version}`, [{ command: 'cargo', args, env: { CARGO_TARGET_DIR: buildFolder } }])
  }
}

/** What the tests drive: Debian packages and their programs. Only Chromium is indispensable. */
const browserPrograms = {
  chromium: { programs: chromium, required: true },
  'chromium-driver': { programs: ['chromedriver'], required: true },
  'firefox-esr': { programs: ['firefox-esr', 'firefox'] },
  'webkit2gtk-driver': { programs: ['WebKitWebDriver'] },
  xvfb: { programs: ['xvfb-run'] },
  xauth: { programs: ['xauth'] },
}

const onPath = (program) =>
  process.env.PATH.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })

/** The browsers and their drivers: by apt where that needs no password, otherwise whatever is on PATH. */
export const browsers = async () => {
  const missing = Object.entries(browserPrograms).filter(([, { programs }]) => !programs.some(onPath))
  if (missing.length === 0) return
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  const mayInstall = onPath('apt-get') && (asRoot.length === 0 || (await quietly('sudo', '-n', 'true')).code === 0)
  const names = missing.map(([name]) => name)
  console.log(`The tests drive programs of these Debian packages, which are missing: ${names.join(' ')}`)
  if (mayInstall) {
    const apt = (...args) => {
      const [command, ...rest] = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args]
      return { command, args: rest }
    }
    await install('them with apt-get', [apt('update'), apt('install', '-y', '--no-install-recommends', ...names)])
    return
  }
  const required = missing.filter(([, { required }]) => required).map(([, { programs }]) => programs[0])
  if (required.length > 0) fail(`No test runs without Chromium and its ChromeDriver: install what brings ${required.join(' and ')} to PATH.`)
}

const buildTools = ['wasm-bindgen-cli', 'wasm-pack']

const purposes = {
  rust: [toolchain],
  build: [toolchain, packages, () => rustTools(buildTools)],
  test: [toolchain, packages, browsers, () => rustTools([...buildTools, 'geckodriver'])],
  release: [toolchain, packages, browsers, () => rustTools([...buildTools, 'geckodriver', 'cargo-deny'])],
}

/** Installs what `purpose` needs. Prints nothing if nothing is missing. */
export const bootstrap = async (purpose) => {
  for (const ensure of purposes[purpose]) await ensure()
}
