import { chat } from './chat.js'
import { countdown } from './countdown.js'
import { prices } from './prices.js'

const streams = { prices, countdown, chat }

for (const [name, show] of Object.entries(streams)) {
  const section = document.querySelector<HTMLElement>(`[data-stream="${name}"]`)
  if (section) show(section)
}
