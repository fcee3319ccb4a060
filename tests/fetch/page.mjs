import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { transform } from 'esbuild'
import { installedClients } from './install.mjs'

const text = readFileSync(new URL('../../docs/llm.md', import.meta.url), 'utf8')
const fence = /^(?:<!-- given\n(?<given>[^]*?)\n-->\n)?```(?<language>tsx?)\n(?<code>[^]*?)^```$/gm
const blocks = Array.from(text.matchAll(fence), ({ groups }) => groups)
let written = 0

/** The block of the page that exports the name, as a module's source; with `among`, the one that has this in it, too. */
export function blockOf(name, among = '') {
  const found = blocks.filter(({ code }) => new RegExp(`^export .*\\b${name}\\b`, 'm').test(code) && code.includes(among))
  if (found.length !== 1) throw new Error(`${found.length} blocks of the page export ${name}`)
  return found[0]
}

/**
 * What a block of the page exports as `name`. What it may assume comes from other blocks. `replaced` are the URLs and times
 * that are others in a test.
 */
export async function fromPage(name, replaced = {}) {
  const { code } = await transform(await sourceOf(blockOf(name), replaced), { loader: 'ts' })
  const folder = join(await installedClients(), 'page')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}-${process.pid}-${written += 1}.mjs`)
  writeFileSync(file, code)
  return (await import(pathToFileURL(file)))[name]
}

/** A block with the functions in it that it assumes. */
export async function sourceOf({ given = '', code }, replaced = {}) {
  let source = `${code}\n${given}`
  for (const [, name] of given.matchAll(/^declare function (\w+)/gm)) source += `\n${blockOf(name).code.replace(/^export /m, '')}`
  for (const [from, to] of Object.entries(replaced)) {
    if (!source.includes(from)) throw new Error(`the page has no ${from}`)
    source = source.replaceAll(from, to)
  }
  return source
}
