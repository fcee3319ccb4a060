import type { Announcement, Head, Message } from './messages.js'
import { Replay } from './replay.js'

/**
 * `'joining'`: it waits for a leader, or to become it. `'leading'`: the connection is this one's. `'following'`: it gets
 * the leader's bytes. `'alone'`: it has a connection that it does not share. `'away'`: the page is frozen or stored.
 */
export type Role = 'joining' | 'leading' | 'following' | 'alone' | 'away' | 'over'

type Nameless<M> = M extends M ? Omit<M, 'from'> : never

/** What a member has done for it. */
export interface Acts {
  /** Says it to the whole group. */
  announce(announcement: Announcement): void
  /** Says it to the leader and its listeners. */
  say(message: Message): void
  /** Listens to this leader, and no longer to another. */
  listen(leader: string): void
  /** Makes the request: `responded`, `received` and `ended` tell what comes of it. */
  request(lastEventId: string): void
  respond(head: Head): void
  deliver(bytes: Uint8Array<ArrayBuffer>): void
  /** Ends the body after what was delivered, or fails it, or the request. */
  end(error: string | undefined): void
  /** Asks for the lock, and hears the group. */
  enter(): void
  /** Ends the request, gives up the lock or the wait for it, and hears nobody any more. */
  leave(): void
  /** Has `confirmed` called if the lock is still ours. */
  confirm(): void
  /** Remembers who holds the lock. */
  noteHolder(): void
  /** Takes the lock from who was noted, if it still holds it: the next in the queue gets it. */
  steal(): void
  /** Whether our own consumer has the request wait. */
  isHeldBack(): boolean
  /** Calls `tick` then, and not at the time that was asked for before. */
  wake(at: number): void
  /** From 0 to 1. */
  random(): number
  changed(role: Role): void
}

export interface Settings {
  readonly replayBytes: number
  /** How long a leader may be silent before it is asked for a sign of life; it is replaced within as long again. */
  readonly pingMs: number
}

/** How long somebody may wait for a leader to come by the ID that it wants. */
const CATCH_UP_MS = 2000
const LOOK_AGAIN_MS = 20
/** A timer that is late by this much was suspended: what it has not heard proves nothing. */
const SUSPENDED_MS = 1500
/** What a message takes besides its bytes. */
const MESSAGE_BYTES = 512
/** There is a mark for as much as is kept. Who is behind by more than this reads no longer. */
const MAX_MARKS_BEHIND = 4

interface Joiner {
  readonly connection: string
  readonly at: number
  readonly lastEventId: string
  /** When it has waited long enough; not set before there is a response. */
  until?: number
}

/**
 * One response that several have of one request. Each is a member of a group; the one that holds the group's lock leads:
 * it makes the request and says the bytes to the others. Times are milliseconds of any one clock.
 *
 * When the leader is gone the next one goes on with a request of its own, by the last event ID, and the bodies of all go
 * on after the last whole event, without an end: they were never given a part of one. Where that cannot be, for want
 * of an ID or amid a very large event, the body fails, and its reader may ask again.
 *
 * The order of the messages of one member is all that it relies on; whatever gets lost is found by its position or by
 * silence. A member takes bytes from the one leader only that has welcomed it.
 *
 * A browser keeps what is said for those who do not read, without a limit. So a leader speaks under a name that it drops
 * when one of its listeners is too far behind: the others follow it to the next.
 */
export class Member {
  #role: Role = 'joining'
  #name: string
  /** Whom we listen to. */
  #leader: string | undefined
  /** Whose bytes we have. */
  #connection = ''
  #head: Head | undefined
  #isStream = false
  #isOpen = false
  readonly #joiners = new Map<string, Joiner>()
  /** Those who listen to us, and the last mark that they have read. */
  readonly #listeners = new Map<string, number>()
  /** The last mark that we have read. */
  #mark = 0
  /** Bytes that were ever said around us as a leader. */
  #said = 0
  /** When the leader was last heard, and what was tried since. */
  #heard = 0
  #tries = 0
  #due = 0
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

  /** Joins the group, at first and when the page is back. */
  enter(now: number): void {
    if (this.#role === 'over') return
    this.#act.enter()
    this.#join(now)
  }

  /** The page is frozen or stored: nobody may wait for it. */
  leave(): void {
    if (this.#role !== 'over' && this.#role !== 'alone') this.#leave('away')
  }

  /** The caller is no longer interested, or does not keep up. */
  close(): void {
    if (this.#role !== 'over') this.#leave('over')
  }

  /** The lock is ours. */
  granted(): void {
    // Who led is gone, whatever may still be said in its name.
    if (this.#isLed() && this.#canGoOn()) this.#request('leading')
  }

  /** The lock was taken from us. */
  robbed(now: number): void {
    if (this.#role !== 'leading') return
    this.leave()
    this.enter(now)
  }

  /** There can be no group. */
  refused(): void {
    if (this.#role !== 'over') this.#goAlone()
  }

  /** The lock is still ours. */
  confirmed(): void {
    if (this.#role === 'leading' && !this.#act.isHeldBack()) this.#announce({ type: 'lead', connection: this.#connection })
  }

  /** Our request is answered; `isStream`, by an event stream. */
  responded(head: Head, isStream: boolean, now: number): void {
    if (!this.#isOpen) this.#respond(head)
    else if (!isStream) return this.ended(`the request that should go on was answered by status ${head.status}`)
    this.#head = head
    this.#isStream = isStream
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
    // A page that was stopped hears what was said long ago before it hears that it leads no more.
    if (type === 'hello') this.#act.confirm()
    else if (type === 'lead') this.robbed(now)
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
        // It may answer what was said long ago.
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

  /** The time has come that `wake` was asked for. */
  tick(now: number): void {
    if (this.#role === 'leading') return this.#admit(now)
    if (!this.#isLed()) return
    if (now - this.#due > SUSPENDED_MS) {
      this.#hasHeard(now)
      if (this.#role === 'joining') this.#announce({ type: 'hello' })
    }
    if (this.#tries === 0 && now < this.#heard + this.#pingMs) return this.#wake(this.#heard + this.#pingMs)
    if (this.#tries === 0) {
      this.#act.noteHolder()
      this.#say({ type: 'ping' })
    } else if (this.#tries === 1) this.#announce({ type: 'hello' })
    else this.#act.steal()
    this.#tries = (this.#tries + 1) % 3
    // Not all at once.
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

  /** Has a leader welcome us. */
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

  /** Whether another connection can go on where we are; the body fails if not. */
  #canGoOn(): boolean {
    const { lastEventId, isWhole } = this.#replay.standing
    if (!this.#isOpen || lastEventId !== '' && isWhole) return true
    this.#end('the tab with the connection is gone')
    return false
  }

  #follow(welcome: Message & { type: 'welcome' }): void {
    const { head, connection } = welcome
    this.#become('following')
    if (connection !== this.#connection) this.#replay.cut()
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

  /** Speaks under a new name, to those who come to hear it. */
  #lead(): void {
    this.#name = this.#newName()
    this.#joiners.clear()
    this.#listeners.clear()
    this.#act.listen(this.#name)
    this.#announce({ type: 'lead', connection: this.#connection })
  }

  /** Welcomes those who can join, and refuses those who have waited long enough. */
  #admit(now: number): void {
    const head = this.#head
    if (head === undefined) return
    const { at, standing } = this.#replay
    for (const [to, joiner] of this.#joiners) {
      const had = joiner.connection === this.#connection ? joiner.at : undefined
      // What cannot be resumed is the answer to everybody.
      const bytes = this.#isStream ? this.#replay.after(had, joiner.lastEventId) : new Uint8Array()
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
    this.#act.respond(head)
  }

  #end(error: string | undefined): void {
    this.#become('over')
    this.#act.end(error)
    this.#act.leave()
  }

  #leave(role: 'away' | 'over'): void {
    this.#become(role)
    this.#act.leave()
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
