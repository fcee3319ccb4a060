import { build } from 'esbuild'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../scripts/run.mjs'
import { blocks } from '../docs/pages.mjs'

const file = join(root, 'docs', 'plugging-in.md')

/** The sections of the page that have code: heading, script and, where there is some, HTML. */
export function recipes() {
  const [, ...sections] = readFileSync(file, 'utf8').split(/^## /m)
  return sections.map((section) => {
    const found = blocks({ name: file, text: section })
    const code = (...languages) => found.find(({ language }) => languages.includes(language))?.code
    return { heading: section.slice(0, section.indexOf('\n')), script: code('ts', 'js'), html: code('html') ?? '' }
  }).filter(({ script }) => script !== undefined)
}

/** What the imports of ours are in the page of each class: the one line in which they can be swapped. */
export const classes = {
  'eventsource-wasm': {},
  'the native class': {
    'eventsource-wasm': 'export const { EventSource } = globalThis',
    'eventsource-wasm/polyfill': 'export const install = () => {}',
  },
  eventsource: {
    'eventsource-wasm': "export { EventSource } from 'eventsource'",
    'eventsource-wasm/polyfill': "import { EventSource } from 'eventsource'\nexport const install = () => { globalThis.EventSource = EventSource }",
  },
}

/** One script of a recipe, with the libraries of `installation` and one class of `classes`. */
export async function bundled(script, swaps, installation) {
  const swapped = {
    name: 'swapped',
    setup(pluginBuild) {
      pluginBuild.onResolve({ filter: /^eventsource-wasm(\/|$)/ }, ({ path }) => (path in swaps ? { path, namespace: 'swapped' } : undefined))
      pluginBuild.onLoad({ filter: /.*/, namespace: 'swapped' }, ({ path }) => ({ contents: swaps[path], resolveDir: root }))
    },
  }
  const { outputFiles: [{ text }] } = await build({
    stdin: { contents: script, loader: 'ts', resolveDir: installation },
    bundle: true,
    write: false,
    format: 'esm',
    nodePaths: [join(root, 'node_modules')],
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
    plugins: [swapped],
  })
  return text
}
