import type { Announcement, Head, Message } from './messages.js'
import { Replay } from './replay.js'

/**
 * `'joining'`: waits for a leader or to become one. `'leading'`: has the connection. `'following'`: receives the leader's
 * bytes. `'alone'`: has a connection that it does not share. `'away'`: the page is frozen or in the back/forward cache.
 * `'over'`: the response has ended.
 */
export type Role = 'joining' | 'leading' | 'following' | 'alone' | 'away' | 'over'

type Nameless<M> = M extends M ? Omit<M, 'from'> : never

/** The effects that a member asks for. */
export interface Acts {
  /** Broadcasts to the whole group. */
  announce(announcement: Announcement): void
  /** Sends to the leader and its listeners. */
  say(message: Message): void
  /** Listens to this leader, and no longer to another. */
  listen(leader: string): void
  /** Makes the request; `responded`, `received` and `ended` report its outcome. */
  request(lastEventId: string): void
  respond(head: Head): void
  deliver(bytes: Uint8Array<ArrayBuffer>): void
  /** Ends the body after the delivered bytes, or fails the body or the request. */
  end(error: string | undefined): void
  /** Requests the lock and listens to the group. */
  enter(): void
  /**
   * Ends the request, stops listening, and releases the lock or stops waiting for it. With `isHeard`, others are still to
   * hear our last messages before one of them is granted the lock.
   */
  leave(isHeard?: boolean): void
  /** Calls `confirmed` if the lock is still ours. */
  confirm(): void
  /** Records who holds the lock. */
  noteHolder(): void
  /** Breaks the lock of the recorded holder, if it still has it: the next in the queue gets it. */
  steal(): void
  /** Whether our own consumer applies backpressure. */
  isHeldBack(): boolean
  /** Calls `tick` at this time, instead of at one set earlier. */
  wake(at: number): void
  /** From 0 to 1. */
  random(): number
  changed(role: Role): void
}

export interface Settings {
  readonly replayBytes: number
  /** How long a leader may be silent before it is pinged; it is replaced within as long again. */
  readonly pingMs: number
}

/** How long a joiner may wait for a leader to reach the ID that it wants. */
const CATCH_UP_MS = 2000
const LOOK_AGAIN_MS = 20
/**
 * A timer that is this late may have been suspended, and the leader with it: it gets time to be heard. If the next one is
 * late as well, that is how the timers of a hidden page run.
 */
const SUSPENDED_MS = 1500
/** Overhead of a message besides its bytes. */
const MESSAGE_BYTES = 512
/** A mark stands for as many bytes as are kept. A listener that is further behind has stopped reading. */
const MAX_MARKS_BEHIND = 4

interface Joiner {
  readonly connection: string
  readonly at: number
  readonly lastEventId: string
  /** When it has waited long enough; not set before there is a response. */
  until?: number
}

/**
 * One response, shared by several callers of one request. Each is a member of a group; the one that holds the group's
 * lock leads: it makes the request and sends the bytes to the others. Times are milliseconds of any one clock.
 *
 * When the leader is gone, the next one resumes with its own request, by the last event ID, and all bodies continue after
 * the last whole event: they never received part of one. Where that is impossible, without an ID or within a very large
 * event, the body fails and its reader may retry.
 *
 * It relies only on the order of each member's messages; lost ones are detected by position or by silence. A member takes
 * bytes only from the leader that has welcomed it.
 *
 * A browser buffers messages for members that do not read, without a limit. So a leader sends under a name that it drops
 * when a listener falls too far behind; the others follow it to the next name.
 */
export class Member {
  #role: Role = 'joining'
  #name: string
  /** The leader that we listen to. */
  #leader: string | undefined
  /** The connection whose bytes we have. */
  #connection = ''
  #head: Head | undefined
  #isOpen = false
  /** Whether our response is an event stream. */
  #isStream = false
  readonly #joiners = new Map<string, Joiner>()
  /** Our listeners, and the last mark that each has read. */
  readonly #listeners = new Map<string, number>()
  /** The last mark that we have read. */
  #mark = 0
  /** All bytes that we have sent as a leader. */
  #said = 0
  /** When we last heard the leader, and what we have tried since. */
  #heard = 0
  #tries = 0
  #due = 0
  /** Whether the last tick was late. */
  #isLate = false
  readonly #act: Acts
  readonly #pingMs: number
  readonly #replayBytes: number
  readonly #replay: Replay

  constructor(act: Acts, { replayBytes, pingMs }: Settings, lastEventId: string) {
    this.#act = act
    this.#pingMs = pingMs
    this.#replayBytes = replayBytes
    this.#replay = new Replay(replayBytes, lastEventId)
    this.#name = this.#newName()
  }

  get role(): Role {
    return this.#role
  }

  /** Joins the group, initially and when the page is back. */
  enter(now: number): void {
    if (this.#role === 'over') return
    this.#act.enter()
    this.#join(now)
  }

  /** The page is frozen or in the back/forward cache: no member may wait for it. */
  leave(): void {
    if (this.#role !== 'over' && this.#role !== 'alone') this.#leave('away')
  }

  /** The caller has left, or does not keep up. */
  close(): void {
    if (this.#role !== 'over') this.#leave('over')
  }

  /** The lock is ours. */
  granted(): void {
    // The previous leader is gone, even if messages in its name still arrive.
    if (this.#isLed() && this.#canGoOn()) this.#request('leading')
  }

  /** Another member broke our lock. */
  robbed(now: number): void {
    if (this.#role !== 'leading') return
    this.leave()
    this.enter(now)
  }

  /** A group is impossible. */
  refused(): void {
    if (this.#role !== 'over') this.#goAlone()
  }

  /** The lock is still ours. */
  confirmed(): void {
    if (this.#role === 'leading' && !this.#act.isHeldBack()) this.#announce({ type: 'lead', connection: this.#connection })
  }

  /** Our request has a response. */
  responded(head: Head, now: number): void {
    if (!this.#isOpen) this.#respond(head)
    else if (!head.isStream) return this.ended(refusal(head))
    this.#head = head
    this.#admit(now)
  }

  received(bytes: Uint8Array<ArrayBuffer>): void {
    this.#replay.push(bytes, this.#share)
  }

  /** Our request has ended, or failed. */
  ended(error: string | undefined): void {
    if (error === undefined) this.#replay.flush(this.#share)
    this.#say({ type: 'end', error })
    this.#end(error)
  }

  hear(message: Announcement | Message, now: number): void {
    if (this.#role === 'leading') this.#hearMember(message, now)
    else if (this.#isLed()) this.#hearLeader(message, now)
  }

  #hearMember(message: Announcement | Message, now: number): void {
    const { from, type } = message
    this.#said += MESSAGE_BYTES
    // Another's 'lead' means nothing: an old one may arrive late, and the lock itself reports its loss.
    if (type === 'hello') this.#act.confirm()
    else if (type === 'read') this.#listeners.set(from, message.mark)
    else if (type === 'ping') {
      if (!this.#act.isHeldBack()) this.#sayChunk(new Uint8Array())
    } else if (type === 'join') {
      const { connection, at, lastEventId } = message
      this.#listeners.set(from, this.#newMark())
      if (!this.#joiners.has(from)) this.#joiners.set(from, { connection, at, lastEventId })
      this.#admit(now)
    }
  }

  #hearLeader(message: Announcement | Message, now: number): void {
    const isJoining = this.#role === 'joining'
    if (message.type === 'lead') return this.#listen(message, now)
    if (message.from !== this.#leader || 'to' in message && message.to !== this.#name) return
    this.#hasHeard(now)
    switch (message.type) {
      case 'welcome':
        // It may answer an old message.
        if (isJoining && message.had === this.#replay.at) this.#follow(message)
        return
      case 'refuse':
        if (isJoining) this.#goAlone()
        return
      case 'end':
        if (!isJoining || message.error !== undefined) this.#end(message.error)
        return
      case 'chunk':
        if (message.mark !== this.#mark) {
          this.#mark = message.mark
          this.#say({ type: 'read', mark: this.#mark })
        }
        if (isJoining) return
        if (message.at - message.bytes.length === this.#replay.at) this.#take(message)
        else this.#join(now)
    }
  }

  /** The time passed to `wake` has come. */
  tick(now: number): void {
    if (this.#role === 'leading') return this.#admit(now)
    if (!this.#isLed()) return
    const wasLate = this.#isLate
    this.#isLate = now - this.#due > SUSPENDED_MS
    if (this.#isLate && !wasLate) {
      if (this.#role === 'joining') this.#announce({ type: 'hello' })
      return this.#wake(now + this.#pingMs)
    }
    if (this.#tries === 0 && now < this.#heard + this.#pingMs) return this.#wake(this.#heard + this.#pingMs)
    if (this.#tries === 0) {
      this.#act.noteHolder()
      this.#say({ type: 'ping' })
    } else if (this.#tries === 1) this.#announce({ type: 'hello' })
    else this.#act.steal()
    this.#tries = (this.#tries + 1) % 3
    // Random, so that not all act at once.
    this.#wake(now + this.#pingMs / 4 * (1 + this.#act.random()))
  }

  /** Waits for a leader. */
  #join(now: number): void {
    if (!this.#canGoOn()) return
    this.#become('joining')
    this.#leader = undefined
    this.#hasHeard(now)
    this.#announce({ type: 'hello' })
    this.#wake(now + this.#pingMs)
  }

  /** Asks a leader to welcome us. */
  #listen({ from, connection }: Announcement & { type: 'lead' }, now: number): void {
    const isNew = from !== this.#leader
    if (isNew && connection !== this.#connection && !this.#canGoOn()) return
    this.#hasHeard(now)
    if (isNew) {
      this.#become('joining')
      this.#leader = from
      this.#act.listen(from)
    }
    const { at, standing: { lastEventId } } = this.#replay
    if (this.#role === 'joining') this.#say({ type: 'join', connection: this.#connection, at, lastEventId })
  }

  /** Whether another connection can resume where we are; if not, fails the body. */
  #canGoOn(): boolean {
    const { lastEventId, isWhole } = this.#replay.standing
    if (!this.#isOpen || this.#isStream && lastEventId !== '' && isWhole) return true
    this.#end('the tab with the connection is gone')
    return false
  }

  #follow(welcome: Message & { type: 'welcome' }): void {
    const { head, connection } = welcome
    this.#become('following')
    if (connection !== this.#connection) {
      if (this.#isOpen && !head.isStream) return this.#end(refusal(head))
      this.#replay.cut()
    }
    this.#connection = connection
    if (!this.#isOpen) this.#respond(head)
    this.#take(welcome)
  }

  #take({ bytes, at, standing }: Message & { type: 'welcome' | 'chunk' }): void {
    this.#replay.add(bytes, at, standing)
    if (bytes.length > 0) this.#act.deliver(bytes)
  }

  #goAlone(): void {
    this.#act.leave()
    if (this.#canGoOn()) this.#request('alone')
  }

  #request(role: 'leading' | 'alone'): void {
    this.#become(role)
    this.#connection = this.#newName()
    this.#head = undefined
    this.#replay.cut()
    if (role === 'leading') this.#lead()
    this.#act.request(this.#replay.standing.lastEventId)
  }

  /** Starts to send under a new name, to members that come to listen. */
  #lead(): void {
    this.#name = this.#newName()
    this.#joiners.clear()
    this.#listeners.clear()
    this.#act.listen(this.#name)
    this.#announce({ type: 'lead', connection: this.#connection })
  }

  /** Welcomes members that can join, and refuses those that have waited long enough. */
  #admit(now: number): void {
    const head = this.#head
    if (head === undefined) return
    const { at, standing } = this.#replay
    for (const [to, joiner] of this.#joiners) {
      // Only of a stream does a new member get less than all.
      const isPart = joiner.connection === this.#connection || joiner.connection === '' && !head.isStream
      const had = isPart ? joiner.at : undefined
      // A member that has part of a stream only learns that it cannot be resumed.
      const bytes = had === undefined && !head.isStream ? new Uint8Array() : this.#replay.after(had, joiner.lastEventId)
      joiner.until ??= now + CATCH_UP_MS
      if (bytes === undefined && now < joiner.until) continue
      this.#joiners.delete(to)
      if (bytes === undefined) this.#say({ type: 'refuse', to })
      else {
        this.#say({ type: 'welcome', to, had: joiner.at, head, connection: this.#connection, at, bytes, standing })
      }
    }
    if (this.#joiners.size > 0) this.#wake(now + LOOK_AGAIN_MS)
  }

  readonly #share = (bytes: Uint8Array<ArrayBuffer>): void => {
    this.#sayChunk(bytes)
    this.#act.deliver(bytes)
  }

  #sayChunk(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#listeners.size === 0) return
    const { at, standing } = this.#replay
    this.#say({ type: 'chunk', at, bytes, standing, mark: this.#newMark() })
    if (Math.min(...this.#listeners.values()) < this.#newMark() - MAX_MARKS_BEHIND) this.#lead()
  }

  #respond(head: Head): void {
    this.#isOpen = true
    this.#isStream = head.isStream
    this.#act.respond(head)
  }

  #end(error: string | undefined): void {
    this.#become('over')
    this.#act.end(error)
    this.#act.leave(this.#listeners.size > 0)
  }

  #leave(role: 'away' | 'over'): void {
    this.#become(role)
    this.#act.leave(role === 'over' && this.#listeners.size > 0)
  }

  #isLed(): boolean {
    return this.#role === 'joining' || this.#role === 'following'
  }

  #newName(): string {
    return `${this.#act.random()}`
  }

  #announce(announcement: Nameless<Announcement>): void {
    this.#act.announce({ ...announcement, from: this.#name })
  }

  #newMark(): number {
    return Math.floor(this.#said / this.#replayBytes)
  }

  #say(message: Nameless<Message>): void {
    this.#said += MESSAGE_BYTES + ('bytes' in message ? message.bytes.length : 0)
    this.#act.say({ ...message, from: this.#name })
  }

  #hasHeard(now: number): void {
    this.#heard = now
    this.#tries = 0
  }

  #become(role: Role): void {
    if (this.#role === role) return
    this.#role = role
    this.#act.changed(role)
  }

  #wake(at: number): void {
    this.#due = at
    this.#act.wake(at)
  }
}

function refusal({ status }: Head): string {
  return `the request that should go on was answered by status ${status}`
}
