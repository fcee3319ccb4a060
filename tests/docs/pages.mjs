import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from '../../scripts/run.mjs'

const markdownIn = (folder) =>
  readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.md')).sort().map((file) => join(folder, file))

/** The README and every page of a folder, `docs` as it stands in the repository by default. */
export const pages = (folder = join(root, 'docs')) => [join(root, 'README.md'), ...markdownIn(folder)].map((file) => ({
  file,
  name: relative(root, file),
  text: readFileSync(file, 'utf8'),
}))

/**
 * The fenced blocks of a page: `{ language, file, code, line, given }`, where `line` is that of the first line of code and
 * `file` the name in brackets after the language, by which other blocks of the page import it. `given` is what a comment
 * right before the fence says the block may assume: `{ code, line }`.
 */
export function blocks({ name, text }) {
  const found = []
  const pattern = /^(?<comment><!-- given\n(?<assumed>[^]*?)\n-->\n+)?(?<fence>`{3,}|~{3,})(?<language>[\w-]*)(?: \[(?<file>[\w.-]+)\])?[^\n]*\n(?<code>[^]*?)^\k<fence>[ ]*$/gm
  const lineAt = (offset) => text.slice(0, offset).split('\n').length
  for (const { index, groups } of text.matchAll(pattern)) {
    const { comment = '', assumed, language, file, code } = groups
    if (language === '') throw new Error(`${name}:${lineAt(index + comment.length)}: the fence has no language`)
    found.push({
      language,
      file,
      code,
      line: lineAt(index + comment.length) + 1,
      given: assumed === undefined ? undefined : { code: assumed, line: lineAt(index) + 1 },
    })
  }
  const givens = text.match(/^<!-- given$/gm)?.length ?? 0
  if (givens !== found.filter(({ given }) => given).length) throw new Error(`${name}: a "given" comment stands before no fence`)
  return found
}

/** The text without its fenced blocks, which keep their lines. */
export const prose = (text) => text.replaceAll(/^(`{3,}|~{3,})[^]*?^\1[ ]*$/gm, (block) => block.replaceAll(/[^\n]/g, ''))
