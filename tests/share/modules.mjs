import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Imports a module of the library's sources, for tests of what the package does not export. */
export async function importSource(name) {
  const path = (relative) => fileURLToPath(new URL(relative, import.meta.url))
  const outfile = path(`../../target/share/${name}.mjs`)
  await build({ entryPoints: [path(`../../www/src/share/${name}.ts`)], bundle: true, format: 'esm', target: 'es2022', outfile })
  return import(outfile)
}
