import { createRequire } from 'node:module'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { transform } from 'esbuild'
import { blocks, pages } from '../docs/pages.mjs'
import { installedClients } from './install.mjs'

const all = blocks(pages().find(({ name }) => name === 'docs/llm.md'))
let written = 0

/** The block of the page that exports the name; with `among`, the one that has this in it, too. */
export function blockOf(name, among = '') {
  const found = all.filter(({ code }) => new RegExp(`^export .*\\b${name}\\b`, 'm').test(code) && code.includes(among))
  if (found.length !== 1) throw new Error(`${found.length} blocks of the page export ${name}`)
  return found[0]
}

/** A block with the functions in it that it assumes, which are on the page. `replaced` is what differs in a test: URLs and times. */
export function sourceOf({ code, given = { code: '' } }, replaced = {}) {
  let source = `${code}\n${given.code}`
  for (const [, name] of given.code.matchAll(/^declare function (\w+)/gm)) source += `\n${blockOf(name).code.replace(/^export /m, '')}`
  for (const [from, to] of Object.entries(replaced)) {
    if (!source.includes(from)) throw new Error(`the page has no ${from}`)
    source = source.replaceAll(from, to)
  }
  return source
}

/** What the page exports as `name`. */
export async function fromPage(name, replaced) {
  const { code } = await transform(sourceOf(blockOf(name), replaced), { loader: 'ts' })
  const folder = join(await installedClients(), 'page')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}-${process.pid}-${written += 1}.mjs`)
  writeFileSync(file, code)
  return (await import(pathToFileURL(file)))[name]
}

/** What a package of the clients exports. */
export async function imported(name) {
  const require = createRequire(join(await installedClients(), 'package.json'))
  return import(pathToFileURL(require.resolve(name)))
}
