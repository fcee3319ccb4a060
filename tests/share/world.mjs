/**
 * Tabs, a server, a lock and a channel at virtual time. Everything that the platform leaves open is left to chance: how
 * long a message takes to each tab, in which order the messages of different tabs arrive, whether one arrives at all,
 * when a lock is granted, where the bytes of a stream are cut.
 */

import assert from 'node:assert/strict'
import { numberedEvent, Reference } from './numbered-stream.mjs'

const RETRY_MS = 100
/** As in `tab.ts`. */
const LAST_WORDS_MS = 50
const MESSAGE_BYTES = 512
/**
 * For tabs that do not read at all, in units of what is kept of a stream: five of the stream, and what others are sent
 * when they join, up to two each time.
 */
const MOST_UNDELIVERED = 20
const HEAD = { status: 200, statusText: 'OK', headers: [], url: '', isStream: true }

export class World {
  now = 0
  tabs = new Set()
  connections = new Set()
  stats = { events: 0, requests: 0, members: 0, returns: 0, steals: 0, own: 0, failures: 0, deaths: 0, mostConnections: 0 }
  isCalm = false
  /** Where the stream ends: at this event. `'server'` ends it, or each `'reader'`. */
  lastOfAll = Infinity
  endsBy = 'server'
  #random
  /** The last comes first. */
  #events = []
  /** The lock: members that wait, the first of which holds it. */
  #queue = []
  #produced = 0
  /** The listeners of each channel. */
  #channels = new Map()

  constructor({ random, Member, faults, settings }) {
    Object.assign(this, { random, Member, faults, settings })
    this.#random = random
    this.#produce()
  }

  after(delay, act) {
    const time = this.now + delay
    let [low, high] = [0, this.#events.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#events[middle].time > time) low = middle + 1
      else high = middle
    }
    this.#events.splice(low, 0, { time, act })
  }

  /** Runs until `until`, or `ms` have passed. Returns whether `until` came. */
  run(ms, until = () => false) {
    const end = this.now + ms
    while (!until()) {
      if (this.#events.at(-1).time > end) {
        this.now = end
        return false
      }
      const event = this.#events.pop()
      this.now = event.time
      event.act()
    }
    return true
  }

  between(least, most) {
    return least + this.#random() * (most - least)
  }

  chance(probability) {
    return !this.isCalm && this.#random() < probability
  }

  /** A message reaches the tabs that are in the channel when it is posted. */
  channel(name) {
    if (!this.#channels.has(name)) this.#channels.set(name, new Set())
    return this.#channels.get(name)
  }

  get lastNumber() {
    return this.#produced
  }

  /** The server has an event every 10 ms or so, for ever. */
  #produce() {
    this.after(this.between(2, 20), () => {
      if (this.#produced < this.lastOfAll) this.#produced += 1
      for (const connection of this.connections) connection.send()
      this.#produce()
    })
  }

  /** Queues for the lock. Returns what leaves the queue again. */
  lock(granted, robbed) {
    const request = { granted, robbed, isHolder: false }
    this.#queue.push(request)
    this.#grant()
    return () => {
      this.#queue = this.#queue.filter((other) => other !== request)
      this.#grant()
    }
  }

  steal() {
    this.stats.steals += 1
    const [first] = this.#queue
    if (first?.isHolder) {
      this.#queue.shift()
      this.after(this.between(0, 5), first.robbed)
    }
    this.#grant()
  }

  get holder() {
    return this.#queue[0]?.isHolder ? this.#queue[0] : undefined
  }

  #grant() {
    const [first] = this.#queue
    if (first === undefined || first.isHolder) return
    first.isHolder = true
    this.after(this.between(0, 5), () => {
      if (this.#queue[0] === first) first.granted()
    })
  }
}

/** A page with one source: it asks again when its body has ended, as the class does. */
export class Tab {
  #world
  #reference = new Reference()
  #lastNumber
  #member
  #epoch = 0
  /** Events for a stopped tab wait until it resumes. */
  #waiting
  #lanes = new WeakMap()
  #senders = new Map()
  /** Bytes of what the browser keeps for it. */
  #undelivered = 0
  /** What releases the locks that it holds or waits for. */
  #locks = new Set()
  #connection
  /** The channels that it is in. */
  #group
  #around
  #notedHolder
  #isOpen = false
  #isOver = false

  constructor(world) {
    this.#world = world
    world.tabs.add(this)
    this.#call()
  }

  get role() {
    return this.#member.role
  }

  get lastNumber() {
    return this.#lastNumber
  }

  #call() {
    const world = this.#world
    this.#isOver = false
    this.#isOpen = false
    this.#epoch += 1
    this.#undelivered = 0
    world.stats.members += 1
    this.#member = new world.Member(this, world.settings, this.#reference.lastEventId)
    this.#member.enter(world.now)
  }

  /** Does something in this tab when it runs, after all that has the same lane: a sender or a connection. */
  #task(delay, act, lane = {}) {
    const epoch = this.#epoch
    const queue = this.#lanes.get(lane) ?? []
    this.#lanes.set(lane, queue)
    queue.push(() => { if (epoch === this.#epoch) act() })
    const next = () => {
      if (this.#waiting) this.#waiting.push(next)
      else if (this.#world.tabs.has(this)) queue.shift()()
    }
    this.#world.after(delay, next)
  }

  // What may happen to it.

  /** Its process is gone without notice. */
  crash() {
    this.#world.stats.deaths += 1
    this.#world.tabs.delete(this)
    this.#endRequest()
    this.#leaveChannels()
    this.#world.after(this.#world.between(0, 20), () => this.#release())
  }

  /** The page is closed, or another one is loaded. */
  close() {
    this.#world.stats.deaths += 1
    this.#member.leave()
    this.#world.tabs.delete(this)
    this.#endRequest()
    this.#leaveChannels()
    this.#release()
  }

  #release(locks = this.#locks) {
    for (const release of locks) {
      this.#locks.delete(release)
      release()
    }
  }

  /** The process stands still and holds what it holds. */
  stop() {
    this.#waiting ??= []
  }

  /** The page is frozen, and was told beforehand. */
  freeze() {
    this.#member.leave()
    this.#release()
    this.stop()
  }

  /** Resumes, and handles all that has happened, in any order of the lanes. */
  goOn() {
    const waiting = this.#waiting ?? []
    this.#waiting = undefined
    if (this.#member.role === 'away') {
      this.#world.stats.returns += 1
      this.#member.enter(this.#world.now)
    }
    for (const next of waiting) this.#world.after(this.#world.between(0, 3), next)
  }

  get isStopped() {
    return this.#waiting !== undefined
  }

  /** The application makes a new request, as for a body that cannot be read fast enough. */
  startOver() {
    if (this.#isOver || this.#waiting) return
    this.#member.close()
    this.#askAgain()
  }

  #askAgain() {
    this.#isOver = true
    // A new parser begins with every body, and knows the last ID.
    const { lastEventId } = this.#reference
    this.#reference = Object.assign(new Reference(), { lastEventId })
    this.#task(RETRY_MS * this.#world.between(1, 3), () => this.#call())
  }

  // What a member has done for it.

  enter() {
    const world = this.#world
    this.#group = world.channel('').add(this)
    const entry = this.entry = {}
    const isIn = () => this.entry === entry
    const release = world.lock(
      () => this.#task(0, () => {
        if (!isIn()) return
        this.#member.granted()
        if (this.#member.role !== 'leading') this.#release([release])
      }, entry),
      () => this.#task(0, () => { if (isIn()) this.#member.robbed(world.now) }, entry),
    )
    this.#locks.add(release)
  }

  leave(isHeard) {
    this.entry = undefined
    this.#leaveChannels()
    this.wakeTime = undefined
    this.#endRequest()
    const locks = [...this.#locks]
    if (isHeard) this.#task(LAST_WORDS_MS, () => this.#release(locks))
    else this.#release(locks)
  }

  listen(leader) {
    this.#around?.delete(this)
    this.#around = this.#world.channel(leader).add(this)
  }

  #leaveChannels() {
    this.#group?.delete(this)
    this.#around?.delete(this)
    this.#group = this.#around = undefined
  }

  announce(message) {
    this.#post(this.#group, message)
  }

  say(message) {
    this.#post(this.#around, message)
  }

  #post(channel, message) {
    for (const tab of channel ?? []) if (tab !== this) tab.#arrive(channel, this, structuredClone(message))
  }

  /** The order is kept of one sender in one channel. */
  #arrive(channel, sender, message) {
    const world = this.#world
    if (world.chance(world.faults.loss)) return
    const delay = world.between(0, world.isCalm ? 2 : world.faults.delayMs)
    const size = channel === this.#group ? 0 : MESSAGE_BYTES + (message.bytes?.length ?? 0)
    this.#undelivered += size
    // A leader does not know a tab whose message was lost.
    const isBounded = this.#undelivered < MOST_UNDELIVERED * world.settings.replayBytes || world.faults.loss > 0
    assert.ok(isBounded, 'nobody keeps an endless stream for who does not read')
    this.#task(delay, () => {
      this.#undelivered -= size
      if (channel.has(this)) this.#member.hear(message, world.now)
    }, this.#laneOf(channel, sender))
  }

  #laneOf(channel, sender) {
    if (!this.#senders.has(channel)) this.#senders.set(channel, new Map())
    const lanes = this.#senders.get(channel)
    if (!lanes.has(sender)) lanes.set(sender, {})
    return lanes.get(sender)
  }

  request(lastEventId) {
    const world = this.#world
    world.stats.requests += 1
    if (this.#member.role === 'alone') world.stats.own += 1
    const { requests, own, members, returns, steals } = world.stats
    assert.ok(requests - own <= members + returns + steals, 'a member leads once, and again only when it was away or its lock was stolen')
    const connection = this.#connection = { sent: lastEventId === '' ? world.lastNumber : Number(lastEventId), bytes: [], send() {} }
    world.connections.add(connection)
    world.stats.mostConnections = Math.max(world.stats.mostConnections, world.connections.size)
    const isOurs = () => this.#connection === connection
    const soon = (act) => this.#task(world.between(0, 10), () => { if (isOurs()) act() }, connection)
    if (world.chance(world.faults.refusal)) {
      soon(() => this.#member.responded({ ...HEAD, status: 503, isStream: false }, world.now))
      this.#task(world.between(10, 100), () => {
        if (isOurs()) this.#member.received(new TextEncoder().encode('data: no event\n\n'))
        if (isOurs()) this.#member.ended(undefined)
      }, connection)
      return
    }
    if (world.chance(world.faults.refusal)) return soon(() => this.#member.ended('no response'))
    soon(() => this.#member.responded(HEAD, world.now))
    connection.send = () => {
      let text = ''
      while (connection.sent < world.lastNumber) text += numberedEvent(++connection.sent, world.random)
      // After it, a CR that ended the last event is no half of a CRLF.
      if (text !== '' && connection.sent === world.lastOfAll) text += ':\n'
      for (const piece of cutAnywhere(text, world)) soon(() => this.#member.received(new TextEncoder().encode(piece)))
      if (connection.sent === world.lastOfAll && world.endsBy === 'server') {
        connection.send = () => {}
        soon(() => this.#member.ended(undefined))
      } else if (world.chance(world.faults.breaks)) {
        connection.send = () => {}
        soon(() => this.#member.ended(world.random() < 0.5 ? undefined : 'broken'))
      }
    }
    connection.send()
  }

  #endRequest() {
    this.#world.connections.delete(this.#connection)
    this.#connection = undefined
  }

  respond({ status }) {
    assert.equal(this.#isOpen, false, 'one response')
    this.#isOpen = true
    this.isRefused = status !== 200
  }

  deliver(bytes) {
    assert.equal(this.#isOpen, true, 'a body follows a response')
    assert.equal(this.#isOver, false, 'nothing follows the end')
    if (this.isRefused) return
    for (const data of this.#reference.push(Buffer.from(bytes).toString())) {
      const number = Number(data)
      if (this.#lastNumber !== undefined) assert.equal(number, this.#lastNumber + 1, 'each event once and in order')
      this.#lastNumber = number
      this.#world.stats.events += 1
      if (number === this.#world.lastOfAll && this.#world.endsBy === 'reader') {
        this.#member.close()
        return
      }
    }
  }

  end(error) {
    assert.equal(this.#isOver, false, 'one end')
    if (error !== undefined) this.#world.stats.failures += 1
    if (this.#lastNumber !== this.#world.lastOfAll) this.#askAgain()
  }

  /** Asks the lock manager who holds the lock. */
  #askHolder(answered) {
    const world = this.#world
    this.#task(world.between(0, 3), () => {
      const { holder } = world
      this.#task(world.between(0, 3), () => answered(holder))
    })
  }

  confirm() {
    this.#askHolder(() => this.#member.confirmed())
  }

  noteHolder() {
    this.#askHolder((holder) => { this.#notedHolder = holder })
  }

  steal() {
    this.#askHolder((holder) => { if (holder === this.#notedHolder) this.#world.steal() })
  }

  isHeldBack() {
    return false
  }

  wake(at) {
    this.wakeTime = at
    this.#task(Math.max(0, at - this.#world.now), () => {
      if (this.wakeTime === at) this.#member.tick(this.#world.now)
    })
  }

  random() {
    return this.#world.random()
  }

  changed() {}
}

function* cutAnywhere(text, world) {
  for (let at = 0; at < text.length;) {
    const size = Math.ceil(world.between(0, 60))
    yield text.slice(at, at + size)
    at += size
  }
}
