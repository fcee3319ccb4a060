/** Pages without a bundler, workers, a strict policy, and browser extensions. */

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Server } from '../e2e/server.mjs'
import { consumer, visitPage } from './matrix.mjs'
import { openConsumerBrowser, visit } from './page.mjs'

const strict = { 'content-security-policy': `script-src 'self'` }

/** Visits a page of the folder, which is served as it is. */
async function visitStatic({ directory }, name, headers = {}) {
  const server = await Server.start()
  try {
    server.folder('/', directory)
    await visitPage(server.page(`/${name}.html`, await readFile(join(directory, `${name}.html`), 'utf8'), headers))
  } finally {
    await server.close()
  }
}

consumer('No bundler', { folder: 'static', core: true }, (test) => {
  test('import map', (of) => visitStatic(of, 'import-map'))
  test('modules by URL', (of) => visitStatic(of, 'modules'))
  test('/slim by URL', (of) => visitStatic(of, 'slim'))
  test('classic script', (of) => visitStatic(of, 'classic'))
})

consumer(`Content-Security-Policy: script-src 'self'`, { folder: 'static', core: true }, (test) => {
  test('modules by URL, with the fallback', (of) => visitStatic(of, 'modules', strict))
  test('classic script, with the fallback', (of) => visitStatic(of, 'classic', strict))
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
