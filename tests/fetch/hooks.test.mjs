/** The recipes for the hooks that docs/llm.md shows, in a browser, on the wires of their APIs. */

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { openBrowser } from '../e2e/browser.mjs'
import { hold, stream } from '../e2e/endpoint.mjs'
import { selected } from '../e2e/engines.mjs'
import { pageHtml } from '../e2e/page.mjs'
import { Server } from '../e2e/server.mjs'
import { blockOf, sourceOf } from './page.mjs'
import { wires } from './wires.mjs'

/** Mounts what shows the chat in `globalThis.chat`. */
const mounts = {
  react: `
    import { createRoot } from 'react-dom/client'
    function Probe() {
      const { messages, status, truncated, error, send } = useChat()
      globalThis.chat = { messages, status, truncated, error: error?.message, send }
      return null
    }
    const roots = [<Probe />, typeof Chat === 'function' && <Chat />]
    for (const root of roots) createRoot(document.body.appendChild(document.createElement('div'))).render(root)`,
  vue: `
    import { createApp } from 'vue'
    createApp({
      setup() {
        const { messages, status, truncated, error, send } = useChat()
        return () => {
          globalThis.chat = { messages: messages.value, status: status.value, truncated: truncated.value, error: error.value?.message, send }
        }
      },
    }).mount(document.createElement('div'))`,
}

const openAI = { url: "'/v1/chat/completions'", wire: 'chatCompletions' }
const anthropic = { url: "'/v1/messages'", wire: 'anthropic', block: ['useChat', 'content_block_delta'] }
const aiSdk = { url: "'/api/chat'", wire: 'aiSdk', block: ['useChat', "'/api/chat'"] }
const recipes = [
  { ...openAI, framework: 'react', block: ['useChat', 'export function Chat'] },
  { ...openAI, framework: 'vue', block: ['useChat', 'eventsource-wasm/vue'] },
  { ...anthropic, framework: 'react' },
  { ...anthropic, framework: 'vue' },
  { ...aiSdk, framework: 'react' },
  { ...aiSdk, framework: 'vue' },
]

/** In the browser: asks, and resolves to what the chat shows once that is over. */
async function ask(url) {
  globalThis.chatUrl = url
  await import('page')
  const until = async (isSo) => {
    while (!isSo(globalThis.chat)) await new Promise(requestAnimationFrame)
  }
  await until((chat) => chat !== undefined)
  globalThis.chat.send('Hi')
  await until(({ status }) => status === 'done' || status === 'failed')
  const { messages, status, truncated, error } = globalThis.chat
  return { messages, status, truncated, error }
}

for (const { framework, url, wire, block } of recipes) {
  describe(`${wire} in ${framework} (${selected[0]})`, () => {
    const { events, failure } = wires[wire]
    const half = events.slice(0, events.findIndex((event) => event.includes('"Hel"')) + 1)
    let server, browser, directory, pageUrl

    before(async () => {
      const contents = sourceOf(blockOf(...block), { [url]: 'globalThis.chatUrl' }).replace('eventsource-wasm/react', `eventsource-wasm/${framework}`)
      directory = await mkdtemp(join(tmpdir(), 'eventsource-wasm-recipe-'))
      await build({
        stdin: { contents: contents + mounts[framework], loader: 'tsx', resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
        bundle: true, format: 'esm', jsx: 'automatic', outfile: join(directory, 'page.js'),
        define: { 'process.env.NODE_ENV': '"production"', __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
        logOverride: { 'module-level-directive': 'silent' },
      })
      server = await Server.start()
      server.folder('/bundle/', directory)
      pageUrl = server.page('/page', pageHtml({ page: '/bundle/page.js' }))
      browser = await openBrowser(selected[0])
    })
    after(async () => {
      await browser?.close()
      await server?.close()
      if (directory) await rm(directory, { recursive: true })
    })

    const asked = async (answer) => {
      const endpoint = server.endpoint([answer])
      await browser.goto(pageUrl)
      const shown = await browser.evaluate(ask, endpoint.url)
      return { ...shown, body: JSON.parse(endpoint.requests[0].body) }
    }

    test('a whole reply is done', async () => {
      const { messages, status, truncated, body } = await asked(stream(...events))
      assert.deepEqual([messages, status, truncated], [[{ role: 'user', content: 'Hi' }, { role: 'assistant', content: 'Hello' }], 'done', false])
      assert.equal(body.messages.length, 1)
    })

    test('a reply that is cut off says so, and keeps what has arrived', async () => {
      const { messages, status, truncated } = await asked(stream(...half))
      assert.deepEqual([messages.at(-1).content, status, truncated], ['Hel', 'failed', true])
    })

    test('an error inside a 200 is an error', async () => {
      const { status, error } = await asked(hold(...failure))
      assert.equal(status, 'failed')
      assert.match(error, /overloaded/)
    })

    if (!block.includes('export function Chat')) return
    test('the component shows it, and asks again', async () => {
      const endpoint = server.endpoint([stream(...half), stream(...events)])
      await browser.goto(pageUrl)
      const shown = await browser.evaluate(async (url) => {
        globalThis.chatUrl = url
        await import('page')
        const button = async (text) => {
          for (;;) {
            const found = Array.from(document.querySelectorAll('button')).find(({ textContent }) => textContent === text)
            if (found) return found
            await new Promise(requestAnimationFrame)
          }
        }
        const texts = () => Array.from(document.querySelectorAll('p'), ({ className, textContent }) => `${className}: ${textContent}`)
        ;(await button('Say hi')).click()
        const again = await button('The reply was cut off. Try again')
        const before = texts()
        again.click()
        while (!texts().includes('assistant: Hello')) await new Promise(requestAnimationFrame)
        return [before, texts()]
      }, endpoint.url)
      assert.deepEqual(shown, [['user: Hi', 'assistant: Hel'], ['user: Hi', 'assistant: Hello']])
    })
  })
}
