/** Pages without a bundler, workers, a strict policy, and browser extensions. */

import { createHash } from 'node:crypto'
import { Server } from '../e2e/server.mjs'
import { consumer, visitPage } from './matrix.mjs'
import { openConsumerBrowser, visit } from './page.mjs'

const strict = { 'content-security-policy': `script-src 'self'` }
const importMap = '<script type="importmap">{ "imports": { "eventsource-wasm": "./node_modules/eventsource-wasm/dist/index.js" } }</script>'
const classicScripts = '<script src="./node_modules/eventsource-wasm/dist/classic.js"></script><script src="./classic.js"></script>'

/** A page with an output and these scripts. */
const pageWith = (scripts) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>events</title>
<link rel="icon" href="data:,">
<output></output>
${scripts}
</html>
`

const moduleScript = (name) => `<script type="module" src="./${name}.js"></script>`

/** Visits a page whose scripts are files of the folder, which are served as they are. */
async function visitStatic({ directory }, name, { scripts = moduleScript(name), headers = {} } = {}) {
  const server = await Server.start()
  try {
    server.folder('/', directory)
    await visitPage(server.page(`/${name}.html`, pageWith(scripts), headers))
  } finally {
    await server.close()
  }
}

consumer('No bundler', { folder: 'static', core: true }, (test) => {
  test('import map', (of) => visitStatic(of, 'import-map', { scripts: importMap + moduleScript('import-map') }))
  test('modules by URL', (of) => visitStatic(of, 'modules'))
  test('/slim by URL', (of) => visitStatic(of, 'slim'))
  test('classic script', (of) => visitStatic(of, 'classic', { scripts: classicScripts }))
})

consumer(`Content-Security-Policy: script-src 'self'`, { folder: 'static', core: true }, (test) => {
  test('modules by URL, with the fallback', (of) => visitStatic(of, 'modules', { headers: strict }))
  test('classic script, with the fallback', (of) => visitStatic(of, 'classic', { scripts: classicScripts, headers: strict }))
})

consumer('Workers, no bundler', { folder: 'static' }, (test) => {
  for (const kind of ['dedicated', 'shared', 'service']) {
    test(`${kind}, module`, (of) => visitStatic(of, `${kind}-worker-page`))
    test(`${kind}, classic`, (of) => visitStatic(of, `${kind}-worker-classic-page`))
  }
  test('from a blob', (of) => visitStatic(of, 'blob-worker-page'))
})

/** The ID that Chromium gives an unpacked extension. */
const idOfFolder = (directory) => (
  createHash('sha256').update(directory).digest('hex').slice(0, 32).replaceAll(/./g, (digit) => 'abcdefghijklmnop'[Number.parseInt(digit, 16)])
)

consumer('Extension, Manifest V3, default policy', { folder: 'extension', core: true }, (test) => {
  test('page, service worker', async ({ directory }) => {
    const browser = await openConsumerBrowser(`--load-extension=${directory}`, '--disable-features=DisableLoadExtensionCommandLineSwitch')
    try {
      for (const page of ['page', 'worker']) await visit(browser, `chrome-extension://${idOfFolder(directory)}/${page}.html`)
    } finally {
      await browser.close()
    }
  })
})
