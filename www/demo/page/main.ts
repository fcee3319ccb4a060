import { boards } from './boards/boards.js'
import { startBrowserServer } from './browser-server.js'
import { chat } from './chat.js'
import { addCopyButtons } from './copy-buttons.js'
import { countdown } from './countdown.js'
import { part } from './part.js'
import { playground } from './playground/playground.js'
import { prices } from './prices.js'

const streams = { prices, playground, chat, countdown }

async function main(): Promise<void> {
  addCopyButtons()
  if (import.meta.env.MODE === 'static') {
    await startBrowserServer()
    part(document, 'host', HTMLElement).textContent = 'A service worker plays the server here, so every event stream is made in this browser.'
  }
  for (const [name, show] of Object.entries(streams)) {
    const section = document.querySelector<HTMLElement>(`[data-stream="${name}"]`)
    if (section) show(section)
  }
  boards(part(document, 'boards', HTMLElement))
}

main().catch((error: unknown) => {
  const notice = part(document, 'notice', HTMLElement)
  notice.hidden = false
  notice.textContent = String(error)
})
