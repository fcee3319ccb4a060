import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vitepress'
import { anchor } from './anchors.mjs'
import { groups } from './sidebar.mjs'

const guides = groups.map(({ text, pages }) => ({
  text,
  items: Object.entries(pages).map(([page, text]) => ({ text, link: `/${page}` })),
}))

const entryPoints = readdirSync(join(import.meta.dirname, '..', 'api'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => ({
    text: name === 'index' ? 'eventsource-wasm' : `eventsource-wasm/${name}`,
    link: `/api/${name}/`,
  }))

export default defineConfig({
  title: 'eventsource-wasm',
  description: 'Server-sent events over fetch: any method, headers and body, and reconnecting that resumes.',
  lang: 'en',
  base: '/docs/',
  // Tests check links and anchors.
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
    sidebar: [...guides, { text: 'API reference', link: '/api/', items: entryPoints }],
    nav: [
      { text: 'Getting started', link: '/getting-started' },
      { text: 'Live demo', link: '../', target: '_self' },
      { text: 'API', link: '/api/' },
      { text: 'Rust API', link: '/rustdoc/eventsource_wasm/index.html', target: '_self' },
    ],
    docFooter: { prev: 'Before', next: 'Next' },
  },
})
