import type { Head, Message, Saying } from './messages.js'
import { Replay } from './replay.js'

/**
 * `'joining'`: it waits for a leader, or to become it. `'leading'`: the connection is this one's. `'following'`: it gets
 * the leader's bytes. `'alone'`: it has a connection that it does not share. `'away'`: the page is frozen or stored.
 */
export type Role = 'joining' | 'leading' | 'following' | 'alone' | 'away' | 'over'

/** What a member has done for it. */
export interface Acts {
  say(message: Message): void
  /** Makes the request: `responded`, `received` and `ended` tell what comes of it. */
  request(lastEventId: string): void
  respond(head: Head): void
  deliver(bytes: Uint8Array<ArrayBuffer>): void
  /** Ends the body after what was delivered, or fails it, or the request. */
  end(error: string | undefined): void
  /** Asks for the lock, and hears the others. */
  enter(): void
  /** Ends the request, gives up the lock or the wait for it, and hears nobody any more. */
  leave(): void
  /** Has `holder` told who holds the lock. */
  askHolder(): void
  /** Takes the lock from who holds it: the next in the queue gets it. */
  steal(): void
  /** Whether our own consumer has the request wait. */
  isHeldBack(): boolean
  /** Calls `tick` then, and not at the time that was asked for before. */
  wake(at: number): void
  /** A name that nobody else has. */
  newName(): string
  /** From 0 to 1. */
  random(): number
  changed(role: Role): void
}

export interface Settings {
  readonly replayBytes: number
  /** How long a leader may be silent before it is asked for a sign of life; half of it is the time to answer. */
  readonly pingMs: number
}

/** How long somebody may wait for a leader to come by the ID that it wants. */
const CATCH_UP_MS = 2000
const LOOK_AGAIN_MS = 20
/** A timer that is late by this much was suspended: what it has not heard proves nothing. */
const SUSPENDED_MS = 1500

interface Joiner {
  readonly name: string
  readonly lastEventId: string
  /** When it has waited long enough; not set before there is a response. */
  until?: number
}

/**
 * One response that several have of one request. Each is a member of a group; the one that holds the group's lock leads:
 * it makes the request and says every chunk to the others. Times are milliseconds of any one clock.
 *
 * When the leader is gone the next one goes on with a request of its own, by the last event ID, and the bodies of all go
 * on after the last whole event, without an end: they were never given a part of one. Where that cannot be, for want
 * of an ID or amid a very large event, the body fails, and its reader may ask again.
 *
 * The order of the messages of one member is all that it relies on; whatever gets lost is found by its number or by
 * silence. A member takes bytes from the one leader only that has welcomed it, and whoever leads has a new name.
 */
export class Member {
  #role: Role = 'joining'
  #name: string
  #leader: string | undefined
  #seq = 0
  #head: Head | undefined
  #isStream = false
  #isOpen = false
  #joiners: Joiner[] = []
  #lookAgainAt = 0
  /** When the leader was last heard. */
  #heard = 0
  #due = 0
  /** The holder of the lock that was asked for a sign of life, and when. */
  #asked: { holder: string | undefined, at: number } | undefined
  #isAsking = false
  readonly #act: Acts
  readonly #pingMs: number
  readonly #replay: Replay

  constructor(act: Acts, { replayBytes, pingMs }: Settings, lastEventId: string) {
    this.#act = act
    this.#pingMs = pingMs
    this.#replay = new Replay(replayBytes, lastEventId)
    this.#name = act.newName()
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
    if (this.#role === 'over' || this.#role === 'away' || this.#role === 'alone') return
    this.#resign()
    this.#become('away')
    this.#act.leave()
  }

  /** The caller is no longer interested, or does not keep up. */
  close(): void {
    if (this.#role === 'over') return
    this.#resign()
    this.#become('over')
    this.#act.leave()
  }

  /** The lock is ours. */
  granted(now: number): void {
    // Who led is gone, whatever may still be said in its name.
    if ((this.#role === 'joining' || this.#role === 'following') && this.#canGoOn()) this.#request('leading', now)
  }

  /** The lock was taken from us. */
  robbed(now: number): void {
    if (this.#role !== 'leading') return
    this.leave()
    this.enter(now)
  }

  /** There can be no group. */
  refused(now: number): void {
    if (this.#role !== 'over') this.#goAlone(now)
  }

  /** Our request is answered; `isStream`, by an event stream. */
  responded(head: Head, isStream: boolean, now: number): void {
    if (!this.#isConnected()) return
    if (!this.#isOpen) this.#respond(head)
    else if (!isStream) return this.ended(`the request that should go on was answered by status ${head.status}`)
    this.#head = head
    this.#isStream = isStream
    this.#admit(now)
  }

  received(bytes: Uint8Array<ArrayBuffer>, now: number): void {
    if (!this.#isConnected()) return
    this.#say({ type: 'chunk', seq: ++this.#seq, bytes })
    this.#deliver(bytes)
    if (this.#joiners.length > 0 && now >= this.#lookAgainAt) this.#admit(now)
  }

  /** Our request has ended, or failed. */
  ended(error: string | undefined): void {
    if (!this.#isConnected()) return
    this.#say({ type: 'end', error })
    this.#end(error)
  }

  hear(message: Message, now: number): void {
    const isLeading = this.#role === 'leading'
    const isJoining = this.#role === 'joining'
    if (!isLeading && !isJoining && this.#role !== 'following') return
    const isLeaders = this.#leader === message.from
    if ('to' in message && message.to !== this.#name) return
    switch (message.type) {
      case 'hello':
        if (isLeading) this.#ask(message.from, message.lastEventId, now)
        return
      case 'ping':
        // A frozen page still hears messages: who answers must have heard from the lock manager, too.
        if (isLeading) this.#act.askHolder()
        return
      case 'lead':
        if (isLeading) return this.robbed(now)
        if (!isLeaders) this.#join(now, message.from)
        return
      case 'welcome':
        // It may answer what was said long ago.
        if (isJoining && message.lastEventId === this.#replay.lastEventId) this.#follow(message, now)
        return
      case 'refuse':
        if (isJoining) this.#goAlone(now)
        return
      case 'pong':
        if (this.#role === 'following' && !isLeaders) return this.#join(now, message.from)
    }
    if (isJoining || isLeaders) this.#heard = now
    if (!isLeaders || isLeading) return
    if (message.type === 'end' && (!isJoining || message.error !== undefined)) this.#end(message.error)
    else if (message.type === 'resign') this.#join(now)
    else if (message.type === 'chunk' && !isJoining) {
      if (message.seq === ++this.#seq) this.#deliver(message.bytes)
      else this.#join(now)
    }
  }

  /** The time has come that `wake` was asked for. */
  tick(now: number): void {
    const wasSuspended = now - this.#due > SUSPENDED_MS
    if (this.#role === 'leading') return this.#admit(now)
    if (this.#role !== 'joining' && this.#role !== 'following') return
    const hasHeard = this.#heard > (this.#asked?.at ?? now - this.#pingMs)
    if (wasSuspended || hasHeard) {
      this.#asked = undefined
      // A welcome may have been lost.
      if (this.#role === 'joining') this.#sayHello()
      if (wasSuspended) this.#heard = now
      return this.#wake(this.#heard + this.#pingMs)
    }
    this.#isAsking = true
    this.#act.askHolder()
    this.#wake(now + this.#pingMs)
  }

  /** Who holds the lock now. */
  holder(holder: string | undefined, now: number): void {
    if (this.#role === 'leading' && !this.#act.isHeldBack()) this.#say({ type: 'pong' })
    if (!this.#isAsking || this.#role !== 'joining' && this.#role !== 'following') return
    this.#isAsking = false
    if (this.#asked === undefined) {
      this.#asked = { holder, at: now }
      this.#say({ type: 'ping' })
      // Not all at once.
      return this.#wake(now + this.#pingMs / 2 * (1 + this.#act.random()))
    }
    const isSilent = this.#asked.holder === holder && this.#heard <= this.#asked.at
    this.#asked = undefined
    if (isSilent) this.#act.steal()
    this.#wake(now + this.#pingMs)
  }

  /** Waits for a leader, of whom the name may be known. */
  #join(now: number, leader?: string): void {
    if (!this.#canGoOn()) return
    this.#become('joining')
    this.#leader = leader
    this.#joiners = []
    this.#asked = undefined
    this.#heard = now
    this.#sayHello()
    this.#wake(now + this.#pingMs)
  }

  /** Whether another connection can go on where we are; the body fails if not. */
  #canGoOn(): boolean {
    if (!this.#isOpen || this.#replay.lastEventId !== '' && !this.#replay.isTorn) return true
    this.#end('the tab with the connection is gone')
    return false
  }

  #follow({ from, head, seq, bytes }: Message & { type: 'welcome' }, now: number): void {
    this.#become('following')
    this.#leader = from
    this.#seq = seq
    this.#heard = now
    this.#replay.cut()
    if (!this.#isOpen) this.#respond(head)
    this.#deliver(bytes)
  }

  #goAlone(now: number): void {
    this.#act.leave()
    if (this.#canGoOn()) this.#request('alone', now)
  }

  #request(role: 'leading' | 'alone', now: number): void {
    this.#become(role)
    this.#leader = undefined
    this.#name = this.#act.newName()
    this.#head = undefined
    this.#joiners = []
    this.#seq = 0
    this.#lookAgainAt = now
    this.#say({ type: 'lead' })
    this.#replay.cut()
    this.#act.request(this.#replay.lastEventId)
  }

  #ask(name: string, lastEventId: string, now: number): void {
    if (!this.#joiners.some((joiner) => joiner.name === name)) this.#joiners.push({ name, lastEventId })
    this.#admit(now)
  }

  /** Welcomes those who can join, and refuses those who have waited long enough. */
  #admit(now: number): void {
    const head = this.#head
    if (head === undefined) return
    let next = Infinity
    this.#joiners = this.#joiners.filter((joiner) => {
      const { name: to, lastEventId, until = now + CATCH_UP_MS } = joiner
      // What cannot be resumed is the answer to everybody.
      const bytes = this.#replay.after(this.#isStream ? lastEventId : '')
      if (bytes !== undefined) this.#say({ type: 'welcome', to, lastEventId, head, seq: this.#seq, bytes })
      else if (now >= until) this.#say({ type: 'refuse', to })
      else {
        joiner.until = until
        next = Math.min(next, until)
        return true
      }
      return false
    })
    this.#lookAgainAt = now + LOOK_AGAIN_MS
    if (next < Infinity) this.#wake(next)
  }

  #respond(head: Head): void {
    this.#isOpen = true
    this.#act.respond(head)
  }

  #deliver(bytes: Uint8Array<ArrayBuffer>): void {
    this.#replay.push(bytes, (whole) => this.#act.deliver(whole))
  }

  #end(error: string | undefined): void {
    const rest = this.#replay.rest()
    if (error === undefined && rest.length > 0) this.#act.deliver(rest)
    this.#become('over')
    this.#act.end(error)
    this.#act.leave()
  }

  #resign(): void {
    if (this.#role === 'leading') this.#say({ type: 'resign' })
  }

  #isConnected(): boolean {
    return this.#role === 'leading' || this.#role === 'alone'
  }

  #sayHello(): void {
    this.#say({ type: 'hello', lastEventId: this.#replay.lastEventId })
  }

  #say(saying: Saying): void {
    if (this.#role !== 'alone') this.#act.say({ ...saying, from: this.#name } as Message)
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
