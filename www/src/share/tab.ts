import { pageStays } from '../platform/departure.js'
import { Body } from './body.js'
import type { Head, Message } from './messages.js'
import { Member, type Acts, type Role, type Settings } from './member.js'
import { resumed, type ShareableRequest } from './request.js'

const BOM = [0xef, 0xbb, 0xbf]
/** [Fetch] Null body statuses. */
const WITHOUT_BODY = [101, 103, 204, 205, 304]

const now = (): number => performance.now()

export interface TabSettings extends Settings {
  readonly name: string
  readonly request: ShareableRequest
  readonly fetch: typeof globalThis.fetch
  readonly changed: (role: Role) => void
}

/** A member of a group in this tab: a Web Lock is the election, a BroadcastChannel carries what is said. */
export class Tab implements Acts {
  readonly response: Promise<Response>
  #resolve!: (response: Response) => void
  #reject!: (error: unknown) => void
  readonly #settings: TabSettings
  readonly #member: Member
  readonly #body = new Body(() => this.#member.close())
  /** Ends what listens to the page and the caller. */
  readonly #lifetime = new AbortController()
  #channel: BroadcastChannel | undefined
  /** Aborted when we leave the queue for the lock. */
  #seat: AbortController | undefined
  #release: (() => void) | undefined
  #request: AbortController | undefined
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

  /** A page that stands still must hold no lock and wait for none: others would wait for it. */
  #watch(caller: AbortSignal | null | undefined): void {
    const options = { signal: this.#lifetime.signal }
    const leave = (): void => this.#member.leave()
    const enter = (): void => { if (this.#member.role === 'away') this.#member.enter(now()) }
    globalThis.addEventListener?.('pagehide', leave, options)
    globalThis.addEventListener?.('pageshow', enter, options)
    // They do not bubble.
    globalThis.document?.addEventListener('freeze', leave, options)
    globalThis.document?.addEventListener('resume', enter, options)
    caller?.addEventListener('abort', () => this.#fail(caller.reason), options)
  }

  enter(): void {
    const { name } = this.#settings
    const channel = this.#channel = new BroadcastChannel(name)
    channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if (channel === this.#channel) this.#member.hear(data, now())
    }
    const seat = this.#seat = new AbortController()
    const granted = (): Promise<void> | undefined => {
      if (seat.signal.aborted) return undefined
      this.#member.granted(now())
      return this.#member.role === 'leading' ? new Promise((resolve) => { this.#release = resolve }) : undefined
    }
    const { locks } = navigator
    locks.request(name, { signal: seat.signal }, granted).catch((error: Error) => {
      if (seat !== this.#seat) return
      if (error.name === 'AbortError') this.#member.robbed(now())
      else this.#member.refused(now())
    })
  }

  leave(): void {
    clearTimeout(this.#timer)
    this.#request?.abort()
    this.#request = undefined
    this.#channel?.close()
    this.#channel = undefined
    const seat = this.#seat
    this.#seat = undefined
    seat?.abort()
    this.#release?.()
    this.#release = undefined
    if (this.#member.role === 'over') this.#lifetime.abort()
  }

  say(message: Message): void {
    this.#channel?.postMessage(message)
  }

  request(lastEventId: string): void {
    const abort = this.#request = new AbortController()
    const isOurs = (): boolean => this.#request === abort
    this.#receive(lastEventId, abort.signal, isOurs).then(
      () => { if (isOurs()) this.#member.ended(undefined) },
      async (error: unknown) => {
        // Of a page that goes away, another tab goes on.
        await pageStays()
        if (!isOurs()) return
        this.#cause = error
        this.#member.ended(error instanceof Error ? error.message : String(error))
      },
    )
  }

  async #receive(lastEventId: string, signal: AbortSignal, isOurs: () => boolean): Promise<void> {
    const { fetch, request } = this.#settings
    const response = await fetch(...resumed(request, lastEventId, signal))
    if (!isOurs()) return void response.body?.cancel()
    const { status, statusText, headers, url, body } = response
    const isStream = status === 200 && /^text\/event-stream\b/i.test(headers.get('content-type') ?? '')
    this.#member.responded({ status, statusText, headers: Array.from(headers), url }, isStream, now())
    const reader = body?.getReader()
    let bom = 0
    while (reader !== undefined) {
      if (!isOurs()) return void reader.cancel().catch(() => {})
      let { done, value: chunk } = await reader.read()
      if (done || chunk === undefined) return
      if (!isOurs()) continue
      // Where a body goes on, it would be part of a line.
      for (; bom < BOM.length && chunk[0] === BOM[bom]; bom++) chunk = chunk.subarray(1)
      if (chunk.length === 0) continue
      bom = BOM.length
      this.#member.received(chunk, now())
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

  /** Ends all at once. */
  #fail(error: unknown): void {
    this.#reject(error)
    this.#body.abort(error)
    this.#member.close()
  }

  askHolder(): void {
    const channel = this.#channel
    navigator.locks.query().then(({ held = [] }) => {
      const holder = held.find(({ name }) => name === this.#settings.name)
      if (channel === this.#channel) this.#member.holder(holder?.clientId, now())
    })
  }

  steal(): void {
    void navigator.locks.request(this.#settings.name, { steal: true }, () => {})
  }

  isHeldBack(): boolean {
    return this.#body.isFull
  }

  wake(at: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#member.tick(now()), at - now())
  }

  newName(): string {
    return crypto.randomUUID()
  }

  random(): number {
    return Math.random()
  }

  changed(role: Role): void {
    this.#settings.changed(role)
  }
}
