import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vitepress'
import { anchor } from './anchors.mjs'
import { groups } from './sidebar.mjs'

const pages = join(import.meta.dirname, '..')
const isThere = (page) => existsSync(join(pages, `${page}.md`))

const guides = groups.map(({ text, pages }) => ({
  text,
  items: Object.entries(pages).filter(([page]) => isThere(page)).map(([page, text]) => ({ text, link: `/${page}` })),
})).filter(({ items }) => items.length > 0)

const entryPoints = () =>
  readdirSync(join(pages, 'api'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => ({
    text: name === 'index' ? 'eventsource-wasm' : `eventsource-wasm/${name}`,
    link: `/api/${name}/`,
  }))

const reference = existsSync(join(pages, 'api')) ? [{ text: 'API reference', link: '/api/', items: entryPoints() }] : []

export default defineConfig({
  title: 'eventsource-wasm',
  description: 'Server-sent events over fetch: any method, headers and body, and reconnecting that resumes.',
  lang: 'en',
  base: '/docs/',
  // Tests check links and anchors, and know of pages that are not VitePress's.
  ignoreDeadLinks: true,
  markdown: {
    anchor: { slugify: anchor },
    toc: { slugify: anchor },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  head: [['link', { rel: 'icon', href: '/docs/icon.svg', type: 'image/svg+xml' }]],
  themeConfig: {
    search: { provider: 'local' },
    outline: 'deep',
    sidebar: [...guides, ...reference],
    nav: [
      { text: 'Getting started', link: '/getting-started' },
      { text: 'Live demo', link: '../', target: '_self' },
      ...reference.map(({ link }) => ({ text: 'API', link })),
      { text: 'Rust API', link: '/rustdoc/eventsource_wasm/index.html', target: '_self' },
    ],
    docFooter: { prev: 'Before', next: 'Next' },
  },
})
