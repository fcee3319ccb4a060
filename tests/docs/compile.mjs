import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { installed } from '../../scripts/installed.mjs'
import { root, run } from '../../scripts/run.mjs'

const strictly = {
  target: 'es2022',
  lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable', 'esnext.disposable'],
  types: ['node'],
  module: 'esnext',
  moduleResolution: 'bundler',
  moduleDetection: 'force',
  jsx: 'react-jsx',
  strict: true,
  skipLibCheck: true,
  noEmit: true,
}
/** JavaScript is checked, but may leave types out. Where a block is given declarations, it is TypeScript that may do so. */
const loosely = { ...strictly, strict: false, noImplicitAny: false, allowJs: true, checkJs: true }
const optionsOf = { strict: strictly, loose: loosely }

/** Where each language goes: its project, and the file that the compiler is to find. */
const projects = {
  ts: { project: 'strict', extension: 'ts' },
  tsx: { project: 'strict', extension: 'tsx' },
  vue: { project: 'strict', extension: 'vue' },
  js: { project: 'loose', extension: 'js', withTypes: 'ts' },
  jsx: { project: 'loose', extension: 'jsx', withTypes: 'tsx' },
  html: { project: 'loose', extension: 'js', withTypes: 'ts' },
}

/** Text whose lines have the numbers that they have on the page. */
class Lines {
  #lines = []

  put(code, line) {
    code.replace(/\n$/, '').split('\n').forEach((text, index) => { this.#lines[line - 1 + index] = text })
    return this
  }

  toString() {
    return `${Array.from(this.#lines, (line) => line ?? '').join('\n')}\n`
  }
}

const scripts = /<script(?![^>]*importmap)[^>]*>(?<code>[^]*?)<\/script>/g

/** The part of a block that is compiled: for HTML, its scripts. */
function source({ language, code, line, given }) {
  const lines = new Lines()
  if (given) lines.put(given.code, given.line)
  if (language !== 'html') return `${lines.put(code, line)}`
  for (const match of code.matchAll(scripts)) {
    const before = code.slice(0, match.index + match[0].indexOf('>') + 1)
    lines.put(match.groups.code, line + before.split('\n').length - 1)
  }
  return `${lines}`
}

export const isCompiled = ({ language }) => language in projects

/** A page's name as part of a file's. */
const flat = (page) => page.replaceAll(/[/.]/g, '-')

/**
 * Compiles what pages say: `named` are `{ page, block }`. Returns the compiler's complaints by page, each with the page's
 * line.
 */
export async function complaints(named) {
  const directory = join(await installed('docs', 'docs'), 'snippets')
  rmSync(directory, { recursive: true, force: true })
  const written = new Map()
  for (const { page, block } of named) {
    const { project, extension, withTypes = extension } = projects[block.language]
    const name = block.file?.replace(/\.\w+$/, '') ?? `line-${block.line}`
    const file = `${project}/${flat(page)}/${name}.${block.given ? withTypes : extension}`
    mkdirSync(dirname(join(directory, file)), { recursive: true })
    writeFileSync(join(directory, file), source(block))
    written.set(file, page)
  }
  mkdirSync(join(directory, 'node_modules'), { recursive: true })
  symlinkSync(join(root, 'pkg'), join(directory, 'node_modules', 'eventsource-wasm'))
  const found = new Map()
  for (const project of new Set(named.map(({ block }) => projects[block.language].project))) {
    const config = join(directory, `tsconfig.${project}.json`)
    writeFileSync(config, JSON.stringify({ compilerOptions: optionsOf[project], include: [project], vueCompilerOptions: { strictTemplates: true } }))
    const vueTsc = join(directory, '../node_modules/vue-tsc/bin/vue-tsc.js')
    const { output } = await run(process.execPath, [vueTsc, '--pretty', 'false', '--project', config], { quiet: true })
    for (const complaint of output.split(/\n(?! )/).filter(Boolean)) {
      const [, file, line, text] = /((?:strict|loose)\/[^(]+)\((\d+),\d+\): ([^]*)/.exec(complaint) ?? []
      const page = written.get(file) ?? ''
      found.set(page, [...(found.get(page) ?? []), text === undefined ? complaint : `${page}:${line}: ${text}`])
    }
  }
  return found
}
