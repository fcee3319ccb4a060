/**
 * Plays one random script of consumers against a real server and holds what they get against a simple model. The stream is
 * the numbers from 1 on, each the ID of its event; those that 7 divides are IDs alone. Runs in Node.
 */

import assert from 'node:assert/strict'
import http from 'node:http'
import { once } from 'node:events'
import { seeded } from '../soak/seeded.mjs'

const LAST = 60
const MOVES = 80
const isMessage = (number) => number % 7 !== 0
const after = (number) => (isMessage(number + 1) ? number + 1 : number + 2)
/** The last message up to this ID. */
const messageUpTo = (id) => (isMessage(id) ? id : id - 1)

/** Sends the numbers after the last event ID, when it is told to. */
class NumberServer {
  #server = http.createServer((request, response) => this.#serve(request, response))
  #response
  #sent = 0
  /** The numbers of this source come after the first, and the largest so far is the most. */
  #first = 0
  #most = 0
  #source
  #replays

  constructor(replays) {
    this.#replays = replays
  }

  async start() {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening')
    this.url = `http://127.0.0.1:${this.#server.address().port}/`
  }

  #serve(request, response) {
    this.#response?.destroy()
    this.#response = response
    // `dedupe` knows nothing of what an earlier source received.
    const isRepeated = request.headers['x-source'] === this.#source
    this.#source = request.headers['x-source']
    const lastEventId = Number(request.headers['last-event-id'] ?? 0)
    if (!isRepeated) this.#first = this.#most = lastEventId
    this.#sent = Math.max(lastEventId - this.#replays, this.#first)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('retry: 1\n\n')
  }

  /** Sends up to so many numbers in one write. */
  send(count) {
    let text = ''
    for (; count > 0 && this.#sent < LAST; count -= 1) {
      this.#sent += 1
      const isReplayed = this.#sent <= this.#most
      this.#most = Math.max(this.#most, this.#sent)
      if (!isMessage(this.#sent) && isReplayed) continue
      text += isMessage(this.#sent) ? `id: ${this.#sent}\ndata: ${this.#sent}\n\n` : `id: ${this.#sent}\n\n`
    }
    if (text !== '' && this.#response?.writableEnded === false) this.#response.write(text)
  }

  cut() {
    this.#response?.destroy()
  }

  end() {
    this.#response?.end()
  }

  async stop() {
    this.#server.closeAllConnections()
    await new Promise((resolve) => { this.#server.close(resolve) })
  }
}

/** One loop, taken by hand. */
class Loop {
  /** The last message that it has received: it has asked for the next one. */
  received
  /** The last one that it was given. */
  given
  isOver = false
  isWaiting = false

  constructor(play, source, preventClose) {
    this.play = play
    this.preventClose = preventClose
    this.messages = source.messages({ preventClose })
  }

  async next() {
    if (this.isWaiting || this.isOver) return
    this.isWaiting = true
    this.#receive()
    const { done, value } = await this.messages.next()
    this.isWaiting = false
    if (done) {
      this.isOver = true
      return
    }
    const number = Number(value.data)
    this.play.seen.add(number)
    if (this.given !== undefined) assert.equal(number, after(this.given), 'a loop gets every message once and in order')
    else this.#first(number)
    this.given = number
  }

  #first(number) {
    const { play } = this
    if (this.expected !== undefined) assert.equal(number, after(this.expected), 'a loop begins where the one before has ended')
    assert.ok(play.stored < number, `${play.stored} is stored, and a loop gets ${number} after that`)
    this.received = messageUpTo(number - 1)
  }

  return() {
    if (this.isWaiting || this.isOver) return
    this.isOver = true
    this.#receive()
    void this.messages.return()
  }

  #receive() {
    if (this.given !== undefined) this.received = this.given
  }
}

/** @throws an assertion that says what went wrong. */
export async function play(EventSource, seed) {
  const random = seeded(seed)
  const below = (limit) => Math.floor(random() * limit)
  const oneIn = (count) => below(count) === 0
  const usesListeners = oneIn(3)
  const mostLoops = oneIn(2) ? 1 : 3
  const isSlow = oneIn(2)
  const replays = oneIn(2) ? 3 : 0
  const server = new NumberServer(replays)
  await server.start()

  const state = { stored: 0, seen: new Set() }
  let loops = []
  let heard
  let listener
  let source
  let sources = 0
  /** Only loops have consumed messages since a single one ended. */
  let left
  /** How many loops may have left messages for the next one. */
  let mostLeft = 0
  const turn = () => new Promise((resolve) => { setImmediate(resolve) })

  const slowest = () => {
    const positions = loops.filter(({ isOver, received }) => !isOver && received !== undefined).map(({ received }) => received)
    if (left !== undefined) positions.push(left)
    if (listener !== undefined && heard !== undefined) positions.push(heard)
    return Math.min(...positions)
  }
  let isWriting = false
  const store = {
    get: () => (isSlow ? turn().then(() => `${state.stored || ''}`) : `${state.stored || ''}`),
    set(id) {
      assert.equal(isWriting, false, 'one ID is stored at a time')
      const number = Number(id)
      assert.ok(number > state.stored, `${number} is stored after ${state.stored}`)
      state.stored = number
      if (!isSlow) return undefined
      isWriting = true
      return turn().then(() => { isWriting = false })
    },
  }
  const checkStored = () => {
    assert.ok(messageUpTo(state.stored) <= slowest(), `${state.stored} is stored, received is ${slowest()}`)
  }

  const listen = () => {
    heard = undefined
    left = undefined
    for (const loop of loops) loop.expected = undefined
    listener = ({ data }) => {
      const number = Number(data)
      if (heard !== undefined) assert.equal(number, after(heard), 'a listener hears every message once and in order')
      heard = number
      state.seen.add(number)
    }
    source.addEventListener('message', listener)
  }
  const open = () => {
    sources += 1
    source = new EventSource(server.url, {
      store,
      headers: { 'x-source': `${sources}` },
      reconnect: true,
      ...(replays > 0 && { dedupe: 10 }),
      complete: ({ data }) => Number(data) > LAST,
    })
    loops = []
    left = undefined
    mostLeft = 0
    listener = undefined
    if (usesListeners) listen()
    else begin(oneIn(2))
  }
  const begin = (preventClose) => {
    const loop = new Loop(state, source, preventClose)
    if (left !== undefined) loop.expected = left
    left = undefined
    mostLeft = Math.max(mostLeft - 1, 0)
    loops.push(loop)
    void loop.next().catch(fail)
  }
  const close = async () => {
    const isKnown = loops.every(({ isOver, received }) => isOver || received !== undefined)
    const expected = slowest()
    source.close()
    for (let turns = 0; isSlow && turns < 50; turns += 1) await turn()
    if (isKnown && Number.isFinite(expected)) {
      const stored = messageUpTo(state.stored)
      assert.ok(stored <= expected, `close() stores ${stored}, received is ${expected}`)
      // What a loop has left may still wait for the next one.
      if (mostLeft === 0) assert.equal(stored, expected, 'close() stores what was received')
    }
    open()
  }
  let failure
  const fail = (error) => { failure ??= error }

  const active = () => loops.filter(({ isOver }) => !isOver)
  const moves = {
    begin: () => active().length < mostLoops && begin(oneIn(2)),
    next: () => {
      const all = active()
      if (all.length > 0) void all[below(all.length)].next().catch(fail)
    },
    return: async () => {
      const all = active().filter(({ isWaiting }) => !isWaiting)
      if (all.length === 0) return
      const loop = all[below(all.length)]
      loop.return()
      if (!loop.preventClose) {
        source.close()
        for (let turns = 0; isSlow && turns < 50; turns += 1) await turn()
        return open()
      }
      const isAlone = active().length === 0 && listener === undefined
      left = isAlone && mostLeft === 0 ? loop.received : undefined
      mostLeft += 1
    },
    close,
    reconnect: () => { if (source.readyState !== 2) source.reconnect() },
    listener: () => {
      if (!usesListeners) return
      if (listener === undefined) return listen()
      source.removeEventListener('message', listener)
      listener = undefined
    },
    cut: () => server.cut(),
    end: () => server.end(),
  }
  const weighted = ['next', 'next', 'next', 'next', 'next', 'begin', 'begin', 'return', 'return', 'listener', 'reconnect', 'cut', 'end', 'close']
  const trace = []
  try {
    open()
    for (let move = 0; move < MOVES; move += 1) {
      const name = weighted[below(weighted.length)]
      // Sources that end at once reconnect at once: leave most of them in peace.
      if (['close', 'reconnect', 'cut', 'end'].includes(name) && !oneIn(3)) continue
      trace.push(name)
      await moves[name]()
      if (oneIn(2)) server.send(1 + below(6))
      for (let turns = below(6); turns > 0; turns -= 1) await turn()
      if (failure) throw failure
      checkStored()
    }
    // In any case, one loop gets the rest.
    for (const loop of active()) loop.return()
    source.close()
    for (let turns = 0; turns < 50; turns += 1) await turn()
    const rest = new EventSource(server.url, { store, ...(replays > 0 && { dedupe: 10 }) })
    const pump = setInterval(() => server.send(10), 5)
    const deadline = setTimeout(() => {
      fail(new Error(`stalled: ${state.stored} is stored, ${[...state.seen].at(-1)} was seen last`))
      rest.close()
    }, 10_000)
    if (messageUpTo(state.stored) < messageUpTo(LAST)) {
      for await (const { data } of rest.messages()) {
        state.seen.add(Number(data))
        if (Number(data) === messageUpTo(LAST)) break
      }
    }
    rest.close()
    clearInterval(pump)
    clearTimeout(deadline)
    if (failure) throw failure
    const missing = Array.from({ length: messageUpTo(LAST) }, (_, index) => index + 1).filter((number) => isMessage(number) && !state.seen.has(number))
    // Of several loops, one that ends leaves its backlog only until the others read on.
    if (!usesListeners && mostLoops === 1) assert.deepEqual(missing, [], 'every message was given to a loop')
  } catch (error) {
    error.message = `seed ${seed} (${trace.join(' ')}): ${error.message}`
    throw error
  } finally {
    source.close()
    await server.stop()
  }
}
