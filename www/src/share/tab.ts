import { Body } from './body.js'
import type { Announcement, Head, Message } from './messages.js'
import { Member, type Acts, type Role, type Settings } from './member.js'
import { resumed, type ShareableRequest } from './request.js'

const BOM = Uint8Array.of(0xef, 0xbb, 0xbf)
/** [Fetch] The null body statuses that a response may have. */
const WITHOUT_BODY = [204, 205, 304]

/**
 * Firefox ends a page's connections before `pagehide`, on a busy machine long before. Another tab takes over then, and
 * none may see a failure.
 */
const DEPARTURE_MS = 500

/**
 * Messages and the lock take separate ways: the next leader could be granted it before it hears of the end, and would
 * repeat the request. A leader whose page goes away does not wait: nothing ends then.
 */
const LAST_WORDS_MS = 50

const ignore = (): void => {}

const now = (): number => performance.now()

export interface TabSettings extends Settings {
  readonly channel: string
  readonly lock: string
  readonly request: ShareableRequest
  readonly fetch: typeof globalThis.fetch
  readonly changed: (role: Role) => void
}

/** A member of a group in this tab: a Web Lock elects the leader, a BroadcastChannel carries the messages. */
export class Tab implements Acts {
  readonly response: Promise<Response>
  #resolve!: (response: Response) => void
  #reject!: (error: unknown) => void
  readonly #settings: TabSettings
  readonly #member: Member
  readonly #body = new Body(() => this.#member.close())
  /** Removes the listeners on the page and the caller. */
  readonly #lifetime = new AbortController()
  /** The channel of the group, and that of the leader and its listeners. */
  #group: BroadcastChannel | undefined
  #around: BroadcastChannel | undefined
  /** Aborted when we leave the group. */
  #stay: AbortController | undefined
  #request: AbortController | undefined
  /** The lock holder at the time of the last ping. */
  #holder: Promise<string | undefined> | undefined
  #cause: unknown
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(settings: TabSettings) {
    this.#settings = settings
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.#member = new Member(this, settings, settings.request.lastEventId)
    this.#watch(settings.request.init.signal)
    this.#member.enter(now())
  }

  /** A frozen page must neither hold a lock nor wait for one: other tabs would wait for it. */
  #watch(caller: AbortSignal | null | undefined): void {
    const options = { signal: this.#lifetime.signal }
    const leave = (): void => {
      this.#member.leave()
      this.#stay?.abort()
    }
    const enter = (): void => { if (this.#member.role === 'away') this.#member.enter(now()) }
    globalThis.addEventListener?.('pagehide', leave, options)
    globalThis.addEventListener?.('pageshow', enter, options)
    // These events do not bubble.
    globalThis.document?.addEventListener('freeze', leave, options)
    globalThis.document?.addEventListener('resume', enter, options)
    caller?.addEventListener('abort', () => this.#fail(caller.reason), options)
  }

  enter(): void {
    const { signal } = this.#stay = new AbortController()
    this.#group = this.#open('')
    const granted = async (): Promise<void> => {
      // A busy page is granted the lock before it hears what has arrived meanwhile.
      await new Promise(afterMessages)
      if (signal.aborted) return
      this.#member.granted()
      if (this.#member.role === 'leading') await new Promise((resolve) => { signal.addEventListener('abort', resolve) })
    }
    navigator.locks.request(this.#settings.lock, { signal }, granted).catch((error: Error) => {
      if (signal.aborted) return
      if (error.name === 'AbortError') this.#member.robbed(now())
      else this.#member.refused()
    })
  }

  leave(isHeard?: boolean): void {
    clearTimeout(this.#timer)
    this.#request?.abort()
    this.#group?.close()
    this.#around?.close()
    this.#request = this.#group = this.#around = undefined
    const release = (): void => {
      this.#stay?.abort()
      if (this.#member.role === 'over') this.#lifetime.abort()
    }
    if (isHeard) setTimeout(release, LAST_WORDS_MS)
    else release()
  }

  listen(leader: string): void {
    this.#around?.close()
    this.#around = this.#open(leader)
  }

  #open(speaker: string): BroadcastChannel {
    const channel = new BroadcastChannel(this.#settings.channel + speaker)
    channel.onmessage = ({ data }: MessageEvent<Announcement | Message>) => this.#member.hear(data, now())
    return channel
  }

  announce(announcement: Announcement): void {
    this.#group?.postMessage(announcement)
  }

  say(message: Message): void {
    this.#around?.postMessage(message)
  }

  request(lastEventId: string): void {
    const abort = this.#request = new AbortController()
    const isOurs = (): boolean => this.#request === abort
    this.#receive(lastEventId, abort.signal, isOurs).then(
      () => { if (isOurs()) this.#member.ended(undefined) },
      async (error: unknown) => {
        await new Promise((resolve) => { setTimeout(resolve, DEPARTURE_MS) })
        if (!isOurs()) return
        this.#cause = error
        this.#member.ended(error instanceof Error ? error.message : String(error))
      },
    )
  }

  async #receive(lastEventId: string, signal: AbortSignal, isOurs: () => boolean): Promise<void> {
    const { fetch, request } = this.#settings
    const response = await fetch(...resumed(request, lastEventId, signal))
    if (!isOurs()) return void response.body?.cancel().catch(ignore)
    const { status, statusText, headers, url, body } = response
    const isStream = status === 200 && /^text\/event-stream\b/i.test(headers.get('content-type') ?? '')
    this.#member.responded({ status, statusText, headers: Array.from(headers), url, isStream }, now())
    const reader = body?.getReader()
    let bom = isStream ? 0 : BOM.length
    while (reader !== undefined) {
      if (!isOurs()) return void reader.cancel().catch(ignore)
      let { done, value: chunk } = await reader.read()
      if (done || chunk === undefined) return
      if (!isOurs()) continue
      // In a continued body, a BOM would become part of a line.
      for (; bom < BOM.length && chunk[0] === BOM[bom]; bom++) chunk = chunk.subarray(1)
      if (chunk.length === 0) continue
      // What began like one was none.
      if (bom < BOM.length) this.#member.received(BOM.subarray(0, bom))
      bom = BOM.length
      this.#member.received(chunk)
      await this.#body.room()
    }
  }

  respond({ status, statusText, headers, url }: Head): void {
    const stream = WITHOUT_BODY.includes(status) ? null : this.#body.stream
    const response = new Response(stream, { status, statusText, headers })
    this.#resolve(Object.defineProperty(response, 'url', { value: url }))
  }

  deliver(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#body.isFull && this.#request === undefined) this.#fail(new TypeError('the consumer is slower than the stream'))
    else this.#body.write(bytes)
  }

  end(error: string | undefined): void {
    const failure = error === undefined ? undefined : new TypeError(error, { cause: this.#cause })
    this.#reject(failure)
    this.#body.end(failure)
  }

  /** Ends everything at once. */
  #fail(error: unknown): void {
    this.#reject(error)
    this.#body.abort(error)
    this.#member.close()
  }

  async #findHolder(): Promise<string | undefined> {
    // A page that is going away may not ask.
    const { held = [] } = await navigator.locks.query().catch((): LockManagerSnapshot => ({}))
    return held.find(({ name }) => name === this.#settings.lock)?.clientId
  }

  confirm(): void {
    void this.#findHolder().then(() => this.#member.confirmed())
  }

  noteHolder(): void {
    this.#holder = this.#findHolder()
  }

  async steal(): Promise<void> {
    const holder = await this.#holder
    if (holder === undefined || holder !== await this.#findHolder()) return
    await navigator.locks.request(this.#settings.lock, { steal: true }, ignore).catch(ignore)
  }

  isHeldBack(): boolean {
    return this.#body.isFull
  }

  wake(at: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#member.tick(now()), at - now())
  }

  random(): number {
    return Math.random()
  }

  changed(role: Role): void {
    // It may close the source, which must not happen halfway through a change.
    queueMicrotask(() => this.#settings.changed(role))
  }
}

/** Calls back after the tasks of all messages that have arrived. */
function afterMessages(callback: (event: MessageEvent) => void): void {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = (event) => {
    port1.close()
    callback(event)
  }
  port2.postMessage(0)
}
