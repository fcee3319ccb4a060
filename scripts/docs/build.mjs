// Builds the documentation into www/demo/dist/docs: the pages of docs/ and the reference from the sources.
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installed } from '../installed.mjs'
import { root, run } from '../run.mjs'
import { writeReference, writeRustReference } from './reference.mjs'

const site = join(root, 'www', 'demo', 'dist', 'docs')

/** A digest of everything that the site depends on. */
const inputs = () => {
  const digest = createHash('sha256')
  for (const folder of ['docs', 'scripts/docs', 'www/src', 'src']) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).sort(byPath)) {
      if (entry.isFile()) digest.update(`\0${pathOf(entry)}\0`).update(readFileSync(pathOf(entry)))
    }
  }
  return digest.digest('hex')
}
const pathOf = ({ parentPath, name }) => join(parentPath, name)
const byPath = (one, other) => (pathOf(one) < pathOf(other) ? -1 : 1)

const must = async (command, args, env) => {
  const { code, output } = await run(command, args, { quiet: true, env })
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}\n${output}`)
}

/** Builds it if anything has changed. Returns the paths of the site and of the Markdown that it was made from. */
export async function buildDocs() {
  const directory = await installed('docs', 'docs')
  const pages = join(directory, 'pages')
  const stamp = join(site, '.inputs')
  const digest = inputs()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return { site, pages }

  rmSync(pages, { recursive: true, force: true })
  rmSync(site, { recursive: true, force: true })
  cpSync(join(root, 'docs'), pages, { recursive: true })
  cpSync(join(root, 'scripts', 'docs', 'anchors.mjs'), join(pages, '.vitepress', 'anchors.mjs'))
  mkdirSync(join(pages, 'public'), { recursive: true })
  cpSync(join(root, 'www', 'demo', 'page', 'icon.svg'), join(pages, 'public', 'icon.svg'))
  await writeReference(directory, join(pages, 'api'), must)
  await must(process.execPath, [join(directory, 'node_modules/vitepress/bin/vitepress.js'), 'build', pages, '--outDir', site])
  await writeRustReference(join(site, 'rustdoc'), must)
  writeFileSync(stamp, digest)
  return { site, pages }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const start = performance.now()
  await buildDocs()
  console.log(`documentation: ${((performance.now() - start) / 1000).toFixed(1)} s`)
}
