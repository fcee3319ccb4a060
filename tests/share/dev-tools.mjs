import { once } from 'node:events'
import { createRequire } from 'node:module'

const WebSocket = createRequire(import.meta.resolve('selenium-webdriver'))('ws')

/** The debugging protocol of Chromium as a whole: sessions of WebDriver have only that of a page. */
export class DevTools {
  #socket
  #calls = 0

  static async of(session) {
    const { debuggerAddress } = (await session.getCapabilities()).get('goog:chromeOptions')
    const { webSocketDebuggerUrl } = await (await fetch(`http://${debuggerAddress}/json/version`)).json()
    const devTools = new DevTools()
    devTools.#socket = new WebSocket(webSocketDebuggerUrl)
    await once(devTools.#socket, 'open')
    return devTools
  }

  async call(method, params = {}) {
    const id = this.#calls++
    this.#socket.send(JSON.stringify({ id, method, params }))
    for (;;) {
      const [text] = await once(this.#socket, 'message')
      const answer = JSON.parse(text)
      if (answer.id !== id) continue
      if (answer.error !== undefined) throw new Error(`${method}: ${answer.error.message}`)
      return answer.result
    }
  }

  close() {
    this.#socket.close()
  }
}
