import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../run.mjs'

/** The entry points that have declarations of their own, by their file in `www/src`. */
const entryPoints = () => {
  const { exports } = JSON.parse(readFileSync(join(root, 'pkg', 'package.json'), 'utf8'))
  const files = Object.values(exports).map((entry) => /^\.\/dist\/([\w-]+)\.d\.ts$/.exec(entry.default?.types)?.[1])
  // `slim` exports what `index` does.
  return new Set(files.filter((file) => file !== undefined && file !== 'slim'))
}

/** Writes the reference of all entry points as Markdown, from the comments of the sources. */
export async function writeReference(directory, out, must) {
  await must(process.execPath, [
    join(directory, 'node_modules/typedoc/bin/typedoc'),
    '--plugin', 'typedoc-plugin-markdown',
    '--entryPoints', ...Array.from(entryPoints(), (file) => join(root, 'www', 'src', `${file}.ts`)),
    '--tsconfig', join(root, 'www', 'tsconfig.json'),
    '--basePath', join(root, 'www', 'src'),
    '--out', out,
    '--entryFileName', 'index',
    '--readme', 'none',
    '--name', 'API reference',
    '--excludePrivate', '--excludeInternal', '--excludeExternals',
    '--disableSources',
    '--hideBreadcrumbs', '--hidePageHeader',
    '--useCodeBlocks',
    '--expandObjects',
    '--parametersFormat', 'table',
    '--treatWarningsAsErrors', 'false',
  ])
}

/** Writes the reference of the crate, as HTML. A link in it that leads nowhere is an error. */
export async function writeRustReference(out, must) {
  const target = 'wasm32-unknown-unknown'
  await must('cargo', ['doc', '--no-deps', '--lib', '--features', 'serde', '--target', target], { RUSTDOCFLAGS: '-D rustdoc::broken-intra-doc-links' })
  cpSync(join(root, 'target', target, 'doc'), out, { recursive: true })
}
