import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { installed } from '../../scripts/installed.mjs'
import { root, run } from '../../scripts/run.mjs'
import { blocks, pages } from './pages.mjs'

const onPath = (program) => process.env.PATH.split(delimiter).some((folder) => existsSync(join(folder, program)))

const page = blocks(pages().find(({ name }) => name === 'docs/servers.md'))
const named = (file) => page.find((block) => block.file === file).code

const must = async (command, args, env) => {
  const { code, output } = await run(command, args, { quiet: true, env })
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}\n${output}`)
}

/** A folder of its own for one example, empty. */
async function folder(name) {
  const directory = join(await installed('docs', 'docs'), 'servers', name)
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  return directory
}

async function nodeServer(file) {
  const directory = await folder(file)
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }')
  for (const name of ['feed.js', file]) writeFileSync(join(directory, name), named(name))
  return { command: process.execPath, args: [join(directory, file)] }
}

const cargoToml = `[package]
name = "axum-example"
version = "0.0.0"
edition = "2024"

[workspace]

[dependencies]
axum = "=0.8.9"
futures-util = "0.3.31"
tokio = { version = "=1.54.1", features = ["macros", "net", "rt-multi-thread", "sync", "time"] }
tokio-stream = { version = "=0.1.19", features = ["sync"] }
`

async function axumServer() {
  // Not made anew: what cargo has chosen stays.
  const directory = join(await installed('docs', 'docs'), 'servers', 'axum')
  mkdirSync(join(directory, 'src'), { recursive: true })
  writeFileSync(join(directory, 'Cargo.toml'), cargoToml)
  writeFileSync(join(directory, 'src', 'main.rs'), page.find(({ code }) => code.includes('axum::serve')).code)
  const target = join(root, 'target', 'docs', 'axum')
  await must('cargo', ['build', '--quiet', '--manifest-path', join(directory, 'Cargo.toml')], { CARGO_TARGET_DIR: target })
  return { command: join(target, 'debug', 'axum-example'), args: [] }
}

const PYTHON = ['fastapi==0.165.0', 'uvicorn==0.54.0']

async function fastApiServer(port) {
  const directory = await folder('fastapi')
  writeFileSync(join(directory, 'main.py'), named('main.py'))
  const environment = join(root, 'target', 'docs', 'python')
  if (!existsSync(join(environment, 'bin', 'uvicorn'))) {
    await must('python3', ['-m', 'venv', environment])
    await must(join(environment, 'bin', 'pip'), ['install', '--quiet', ...PYTHON])
  }
  return { command: join(environment, 'bin', 'uvicorn'), args: ['main:app', '--app-dir', directory, '--log-level', 'warning', '--port', `${port}`] }
}

async function goServer() {
  const directory = await folder('go')
  writeFileSync(join(directory, 'main.go'), page.find(({ language }) => language === 'go').code)
  const program = join(directory, 'feed')
  await must('go', ['build', '-o', program, join(directory, 'main.go')])
  return { command: program, args: [] }
}

/** How each example of the page is built: resolves to the command that serves it at the environment's PORT. */
export const examples = [
  { name: 'Express', build: () => nodeServer('express.js') },
  { name: 'Hono', build: () => nodeServer('hono.js') },
  { name: 'Fastify', build: () => nodeServer('fastify.js') },
  { name: 'axum', build: axumServer, needs: ['cargo'] },
  { name: 'FastAPI', build: fastApiServer, needs: ['python3'] },
  { name: 'Go', build: goServer, needs: ['go'] },
].map(({ needs = [], ...example }) => ({ ...example, missing: needs.find((program) => !onPath(program)) }))
