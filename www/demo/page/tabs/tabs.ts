import { EventSource } from 'eventsource-wasm'
import { sharedFetch, type Role } from 'eventsource-wasm/share'
import { startBrowserServer } from '../browser-server.js'
import { addCopyButtons } from '../copy-buttons.js'
import { oncePerFrame } from '../once-per-frame.js'
import { part } from '../part.js'
import { Strip } from '../strip.js'
import { Tally } from '../tally.js'
import { Presence, type Order, type TabState } from './presence.js'
import { showTabs } from './tab-table.js'

const HANG_MS = 10_000

/** What the server says with every event. */
interface Counts {
  number: number
  /** Which of all the connections so far brings it. */
  connection: number
  /** How many are open. */
  open: number
}

const NOTES: Record<TabState['role'], string> = {
  joining: 'It looks for the tab with the connection.',
  leading: 'This tab has the connection and passes its bytes on.',
  following: 'Another tab has the connection and passes its bytes on.',
  alone: 'This tab needs older events than the others keep: it has a connection of its own.',
  away: 'This page is frozen.',
  over: 'The stream has ended.',
  own: 'This tab has a connection of its own. Six of those are all that the browser opens over HTTP/1.1.',
}

/** Kept for all tabs, or for a tab that is reloaded. */
function kept(storage: Storage, name: string, make: () => string): string {
  const value = storage.getItem(name) ?? make()
  storage.setItem(name, value)
  return value
}

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ'
const any = (text: string) => text.charAt(Math.floor(Math.random() * text.length))

async function main(): Promise<void> {
  addCopyButtons()
  if (import.meta.env.MODE === 'static') {
    await startBrowserServer()
    part(document, 'host', HTMLElement).textContent = 'A service worker plays the server here. It counts the connections of your tabs: those open now, and all requests.'
  }
  const visitor = kept(localStorage, 'visitor', () => crypto.randomUUID())
  const name = kept(sessionStorage, 'tab', () => `${any(letters)}${any(letters)}${any('123456789')}`)
  const state: TabState = { id: crypto.randomUUID(), name, role: 'joining', lastNumber: undefined, missing: 0, twice: 0 }
  const tally = new Tally()
  const strip = new Strip()
  let counts: Counts | undefined
  let source: EventSource | undefined

  const presence = new Presence(state.id, obey)
  const show = oncePerFrame(render)
  part(document, 'pill', HTMLElement).parentElement?.after(strip.element)
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-order]')) {
    button.addEventListener('click', () => {
      const order = button.dataset['order'] as Order
      presence.order(order)
      obey(order)
    })
  }
  for (const choice of document.querySelectorAll<HTMLInputElement>('input[name=connection]')) {
    choice.addEventListener('change', () => open(choice.value === 'shared'))
  }
  open(true)

  function open(isShared: boolean): void {
    source?.close()
    const fetch = sharedFetch({ key: visitor, pingMs: 1000, onRole: become })
    const opened = source = new EventSource(`shared?visitor=${visitor}`, {
      reconnect: true,
      lastEventId: source?.lastEventId ?? '',
      ...(isShared && { fetch }),
    })
    opened.addEventListener('message', receive)
    become(isShared ? 'joining' : 'own')

    function become(role: Role | 'own'): void {
      // The one before says that it is over.
      if (source !== opened) return
      state.role = role
      tell()
    }
  }

  function receive(event: MessageEvent<string>): void {
    const said: Counts = JSON.parse(event.data)
    counts = said
    strip.received(event, said.connection, tally.add(said.number))
    Object.assign(state, { lastNumber: said.number, missing: tally.missing, twice: tally.twice })
    tell()
  }

  function tell(): void {
    presence.tell(state)
    show()
    document.title = `${state.name} ${state.role === 'leading' ? 'leads' : state.role === 'following' ? 'follows' : '…'}`
  }

  function obey(order: Order): void {
    if (state.role !== 'leading') return
    if (order === 'reload') location.reload()
    else for (const end = performance.now() + HANG_MS; performance.now() < end;);
  }

  function render(): void {
    const pill = part(document, 'pill', HTMLElement)
    pill.dataset['role'] = state.role
    pill.textContent = state.role
    part(document, 'note', HTMLElement).textContent = NOTES[state.role]
    const figures = { received: tally.received, missing: tally.missing, twice: tally.twice, open: counts?.open, requests: counts?.connection }
    for (const [figure, value] of Object.entries(figures)) part(document, figure, HTMLElement).textContent = value?.toLocaleString('en') ?? '–'
    for (const figure of ['missing', 'twice'] as const) part(document, figure, HTMLElement).classList.toggle('wrong', tally[figure] > 0)
    showTabs(part(document, 'tabs', HTMLElement), presence, state.id)
  }
}

main().catch((error: unknown) => {
  const notice = part(document, 'notice', HTMLElement)
  notice.hidden = false
  notice.textContent = String(error)
})
