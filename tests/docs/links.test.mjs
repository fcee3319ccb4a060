/** Every link leads somewhere: pages and their headings, in the repository and on the site, the API reference included. */

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { before, describe, test } from 'node:test'
import { groups } from '../../docs/.vitepress/sidebar.mjs'
import { anchor } from '../../scripts/docs/anchors.mjs'
import { buildDocs } from '../../scripts/docs/build.mjs'
import { root } from '../../scripts/run.mjs'
import { pages, prose } from './pages.mjs'

/** With the installation of all that builds the site, on a slow machine. */
const BUILD_MS = 600_000

const withoutMarkup = (heading) => heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/\\(.)/g, '$1').replaceAll('`', '')

/** The ids of a page's headings, of which those that are there twice are numbered, and those that it gives by itself. */
function anchorsOf(text) {
  const counts = new Map()
  const headings = Array.from(prose(text).matchAll(/^#{1,6} +(.+?) *$/gm), ([, heading]) => {
    const id = anchor(withoutMarkup(heading))
    const count = counts.get(id) ?? 0
    counts.set(id, count + 1)
    return count === 0 ? id : `${id}-${count}`
  })
  return new Set([...headings, ...Array.from(text.matchAll(/<a id="([^"]+)"/g), ([, id]) => id)])
}

const targets = (text) =>
  Array.from(prose(text).replaceAll(/`[^`\n]*`/g, '').matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g), ([, target]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))

describe('links', () => {
  let docs
  before(async () => { docs = await buildDocs() }, { timeout: BUILD_MS })

  /** As in the repository, but for what is made from the sources. */
  const inSite = (file) => {
    const inDocs = relative(join(root, 'docs'), file)
    return inDocs.startsWith('..') ? file : join(docs.pages, inDocs)
  }

  const dead = ({ file, text }) => targets(text).filter((target) => {
    const [path, id] = target.split('#')
    const linked = path === '' ? file : inSite(resolve(dirname(file), path))
    if (!existsSync(linked)) return true
    return id !== undefined && linked.endsWith('.md') && !anchorsOf(readFileSync(linked, 'utf8')).has(decodeURIComponent(id))
  })

  for (const page of pages()) test(page.name, () => assert.deepEqual(dead(page), []))

  test('pages link to nothing outside of the documentation', () => {
    const out = pages().filter(({ name }) => name !== 'README.md').flatMap(({ file, name, text }) =>
      targets(text).filter((target) => target[0] !== '#' && relative(join(root, 'docs'), resolve(dirname(file), target)).startsWith('..'))
        .map((target) => `${name}: ${target}`))
    assert.deepEqual(out, [])
  })

  test('the API reference', () => {
    const reference = pages(join(docs.pages, 'api')).filter(({ name }) => name !== 'README.md')
    assert.ok(reference.length > 50)
    assert.deepEqual(reference.flatMap((page) => dead(page).map((target) => `${page.name}: ${target}`)), [])
  })

  test('the reference of the crate', () => assert.ok(existsSync(join(docs.site, 'rustdoc/eventsource_wasm/struct.Request.html'))))

  test('the package, without the reference', () => {
    const packed = [join(root, 'pkg', 'README.md'), ...pages(join(root, 'pkg', 'docs')).slice(1).map(({ file }) => file)]
    assert.deepEqual(packed.flatMap((file) => dead({ file, text: readFileSync(file, 'utf8') }).map((target) => `${file}: ${target}`)), [])
  })

  test('the sidebar has every page', () => {
    const names = pages().map(({ file }) => relative(join(root, 'docs'), file).replace(/\.md$/, ''))
    const linked = groups.flatMap(({ pages }) => Object.keys(pages))
    assert.deepEqual(linked.toSorted(), names.filter((name) => name !== 'index' && !name.startsWith('..')).toSorted())
  })

  test('every page is on the site', () => {
    const names = pages().map(({ file }) => relative(join(root, 'docs'), file)).filter((name) => !name.startsWith('..'))
    assert.deepEqual(names.filter((name) => !existsSync(join(docs.site, name.replace(/\.md$/, '.html')))), [])
  })
})
