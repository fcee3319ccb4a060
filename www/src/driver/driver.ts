import { nextTask } from '../platform/task.js'
import type { Attempt, AttemptReason, ErrorKind } from '../types.js'
import { Happening, kinds, openCore, Step, type Core, type Settings } from '../wasm/core.js'
import { Alarm } from './alarm.js'
import { answerOf, type Answer } from './answer.js'
import { Blocked } from './blocked.js'
import { Body, discard, type ReadResult } from './body.js'
import type { AttemptRequest, End, Owner } from './owner.js'

/** The task of a driver. */
export interface Task {
  readonly owner: Owner
  /** Called once, after the first request was sent. */
  readonly settings: () => Settings
  /** The initial last event ID string. */
  readonly lastEventId: string
  readonly fetch: typeof fetch
  /** The first request has no side effects, so it need not wait until its response can certainly be parsed. */
  readonly isSafe: boolean
}

/**
 * Runs one source: executes the core's steps and reports the outcomes.
 *
 * The core issues one step at a time. Most end in a wait. If something else happens meanwhile, another step may replace
 * it; the outcome of the old one is then dropped.
 */
export class Driver {
  readonly #task: Task
  #alarm: Alarm | undefined
  #core: Core | undefined
  /** Settles when the core has loaded or failed to load. */
  #loading: Promise<void> | undefined
  #isClosed = false
  #isFinal = false
  /** A step is running, so a function of the owner may be on the stack. */
  #isEntered = false
  /** A promise of the owner holds the source back; happenings are reported once it settles. */
  #isHeld = false
  /** Consumers that have not taken what was dispatched hold the source back. */
  #isLagging = false
  /** An async function of the init is preparing the request. */
  #isPreparing = false
  /** Happenings that the core does not know of yet, with their values. */
  #happened: [Happening, number][] = []
  /** Counts the steps. An outcome is valid until the next step. */
  #turn = 0
  #abort = new AbortController()
  #attempt = 0
  /** The argument of the last request. */
  #asked: Attempt | undefined
  #request: AttemptRequest | undefined
  #response: Answer | undefined
  #body: Body | undefined
  #cause: unknown

  constructor(task: Task) {
    this.#task = task
    // The owner does not have its driver yet.
    void Promise.resolve().then(() => this.#enter(this.#begin, undefined))
  }

  /** The reconnection time in milliseconds; `undefined` where no server could set it yet. */
  get reconnectionTime(): number | undefined {
    return this.#core?.reconnectionTime
  }

  /** No further request is possible. */
  get isFinal(): boolean {
    return this.#isFinal
  }

  /** Reports what happened to the page. */
  tell(happening: Happening, value = 0): void {
    this.#happened.push([happening, value])
    this.#wake(-Infinity, 0)
  }

  /** Describes the end of the current connection for a reason that the core does not know. */
  endFor(kind: ErrorKind, cause: unknown): End {
    return { kind, delayMs: -1, isWithheld: false, attempt: this.#attempt, response: this.#response, cause }
  }

  /** Makes a new connection, even if consumers lag: the current one may be dead. */
  reconnect(): void {
    if (this.#isLagging) {
      this.#isLagging = false
      this.#turn += 1
    }
    const isAnswer = this.#isEntered || this.#isHeld || this.#isPreparing
    this.tell(Happening.Reconnect, Number(isAnswer))
  }

  /** Ends everything that is under way. The owner is not called again. */
  close(hasTrapped = false): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#isFinal = true
    this.#alarm?.clear()
    this.#endAttempt()
    this.#core?.free(hasTrapped)
    this.#core = undefined
  }

  /** Runs `work`, then the core's steps until there is something to wait for. */
  #enter<T>(work: (value: T) => Step, value: T): void {
    if (this.#isClosed) return
    this.#isEntered = true
    this.#isHeld = this.#isLagging = false
    try {
      let step = work.call(this, value)
      while (step !== Step.Wait && this.#core !== undefined) {
        this.#turn += 1
        step = this.#carryOut(step, this.#core)
      }
      this.#setAlarm()
    } catch (cause) {
      this.#trap(cause)
    }
    this.#isEntered = false
  }

  #carryOut(step: Step, core: Core): Step {
    const { owner } = this.#task
    switch (step) {
      case Step.Fetch:
        this.#attempt = core.attempt
        this.#response = this.#cause = undefined
        return this.#send(core.lastEventId, core.kind < 0 ? 'open' : kinds[core.kind] as AttemptReason)
      case Step.Probe: return this.#probe()
      case Step.Announce: return this.#hold(owner.announce(this.#response as Answer), this.#goOn)
      case Step.Read: return this.#read()
      case Step.Dispatch: return this.#hold(owner.dispatch(core), this.#waitForConsumers)
      case Step.Decide: return this.#next(Happening.Decided, owner.decide(this.#end(core)) ?? NaN)
      case Step.Reestablish:
        // The wait has begun, even if the owner takes its time.
        this.#setAlarm()
        this.#endBody()
        return this.#hold(owner.reestablish(this.#end(core)), this.#startAnew)
      case Step.Complete:
        this.#isFinal = true
        owner.complete()
        return this.#leave()
      default:
        this.#isFinal = true
        this.#endBody()
        return this.#hold(owner.fail(this.#end(core)), this.#leave)
    }
  }

  /** Tells the core what happened and returns the next step. */
  #next(happening?: Happening, value?: number): Step {
    const core = this.#core
    if (core === undefined) return Step.Wait
    if (happening !== undefined) core.tell(happening, value)
    this.#catchUp(core)
    return core.next()
  }

  /** Tells the core what it does not know yet. */
  #catchUp(core: Core): void {
    if (this.#happened.length > 0) for (const [happening, value] of this.#happened.splice(0)) core.tell(happening, value)
  }

  /** Feeds a chunk, after earlier happenings: a chunk is a sign of life. */
  #feed(chunk: Uint8Array): Step {
    const core = this.#core
    if (core === undefined) return Step.Wait
    this.#catchUp(core)
    const step = core.feed(chunk)
    this.#task.owner.trace?.('batch', { bytes: chunk.length, messages: step === Step.Dispatch ? core.batchMessages : 0 })
    return step
  }

  #setAlarm(): void {
    const { dueMs = Infinity, waitMs = Infinity } = this.#core ?? {}
    if (waitMs !== Infinity) this.#wake(dueMs, waitMs)
  }

  #wake(dueMs: number, waitMs: number): void {
    this.#alarm ??= new Alarm((dueMs) => this.#interrupt(dueMs))
    this.#alarm.set(dueMs, waitMs)
  }

  #interrupt(dueMs: number): void {
    if (dueMs !== -Infinity) this.#happened.push([Happening.Alarm, dueMs])
    if (!this.#isHeld && !this.#isLagging && this.#core !== undefined) this.#enter(this.#goOn, undefined)
  }

  /** Continues with `then` when the owner is ready. */
  #hold(promise: Promise<void> | undefined, then: () => Step): Step {
    if (promise === undefined) return then.call(this)
    this.#isHeld = true
    return this.#await(promise, then, then)
  }

  #waitForConsumers(): Step {
    const taken = this.#core && this.#task.owner.taken()
    if (taken === undefined) return this.#next()
    this.#isLagging = true
    return this.#await(taken, this.#goOn, this.#goOn)
  }

  #goOn(): Step {
    return this.#next()
  }

  /** Waits for an outcome that another step can supersede. */
  #await<T>(promise: Promise<T>, fulfilled: (value: T) => Step, rejected: (cause: unknown) => Step): Step {
    const turn = this.#turn
    promise.then((value) => this.#settle(turn, fulfilled, value), (cause: unknown) => this.#settle(turn, rejected, cause))
    return Step.Wait
  }

  #settle<T>(turn: number, work: (value: T) => Step, value: T): void {
    if (this.#loading !== undefined) void this.#loading.then(() => this.#settle(turn, work, value))
    else if (turn === this.#turn) this.#enter(work, value)
  }

  /** Sends the request first: it needs no decision, and compiling the module takes time. */
  #begin(): Step {
    const earlier = this.#happened
    this.#happened = []
    if (this.#task.isSafe) this.#send(this.#task.lastEventId, 'open')
    const core = openCore(this.#task.settings())
    if (!(core instanceof Promise)) return this.#start({ core, earlier })
    this.#loading = core.then((core) => {
      this.#loading = undefined
      if (this.#isClosed) core.free()
      else this.#enter(this.#start, { core, earlier })
    }, (cause: unknown) => {
      this.#loading = undefined
      this.#trap(cause)
    })
    return Step.Wait
  }

  #start({ core, earlier }: { core: Core, earlier: [Happening, number][] }): Step {
    this.#core = core
    for (const happening of earlier) core.tell(...happening)
    const first = core.next()
    return this.#task.isSafe ? this.#next() : first
  }

  #send(lastEventId: string, reason: AttemptReason): Step {
    const { signal } = this.#abort
    let request
    try {
      request = this.#task.owner.request(this.#asked = { attempt: this.#attempt, lastEventId, reason, signal })
    } catch (cause) {
      request = Promise.reject(cause)
    }
    this.#isPreparing = request instanceof Promise
    return request instanceof Promise ? this.#await(request, this.#fetch, this.#requestFailed) : this.#fetch(request)
  }

  #requestFailed(cause: unknown): Step {
    this.#isPreparing = false
    return this.#fail(cause, Happening.RequestError)
  }

  #fetch(request: AttemptRequest): Step {
    // A function of the init may have closed the source.
    if (this.#isClosed) return Step.Wait
    this.#isPreparing = false
    this.#request = request
    if (request.isSafe) this.#core?.tell(Happening.ResumesSafely)
    const { url, init: { method = 'GET' } } = request
    this.#task.owner.trace?.('request', { ...this.#asked, method, url })
    let response
    try {
      response = Promise.resolve(this.#task.fetch(request.url, request.init))
    } catch (cause) {
      response = Promise.reject(cause)
    }
    return this.#await(response, this.#respond, this.#break)
  }

  /** A custom `fetch` may return anything. */
  #respond(response: Response): Step {
    let answer
    try {
      answer = answerOf(response)
    } catch (cause) {
      return this.#break(cause)
    }
    this.#response = answer
    this.#task.owner.trace?.('response', { status: answer.status })
    this.#core?.respond(answer.status, answer.contentType, answer.retryAfter, answer.date)
    return this.#next()
  }

  /** There is no response, or its body broke off. */
  #break(cause: unknown): Step {
    return this.#fail(cause, Happening.NetworkError)
  }

  #fail(thrown: unknown, happening: Happening): Step {
    const isBlocked = thrown instanceof Blocked
    this.#cause = isBlocked ? thrown.cause : thrown
    // Keeps a broken body locked: happy-dom cancels an unlocked one with the request, and then its failure is not reported.
    if (!isBlocked) this.#body = undefined
    return this.#next(isBlocked ? Happening.Blocked : happening)
  }

  /**
   * Repeats the request without CORS; a response is then opaque, with status 0. `fetch` drops headers that would need the
   * server's permission. A synthetic response of a service worker has a status. With `integrity` or another `redirect`
   * there is never a response.
   */
  #probe(): Step {
    const { url, init } = this.#request as AttemptRequest
    const answer = Promise.resolve().then(() => fetch(url, { ...init, mode: 'no-cors', redirect: 'follow', integrity: '' }))
    return this.#await(answer, this.#probed, () => this.#probed())
  }

  #probed(response?: Response): Step {
    this.#renew()
    return this.#next(Happening.Probed, Number(response?.status === 0))
  }

  #read(): Step {
    const stream = this.#response?.body
    // A response without a body is one with an empty body.
    if (!stream) return this.#next(Happening.EndOfBody)
    let rest, result
    try {
      this.#body ??= new Body(stream)
      rest = this.#body.takeRest()
      if (rest === undefined) result = this.#body.read()
    } catch (cause) {
      return this.#break(cause)
    }
    return result === undefined ? this.#feed(rest as Uint8Array) : this.#await(result, this.#take, this.#break)
  }

  #take(result: ReadResult): Step {
    let chunk
    try {
      chunk = this.#body?.take(result)
    } catch (cause) {
      return this.#break(cause)
    }
    if (chunk === undefined) return this.#next(Happening.EndOfBody)
    // It is no sign of life. A stream of empty chunks must not starve other tasks.
    if (chunk.length === 0) return this.#await(nextTask(), this.#read, this.#read)
    return this.#feed(chunk)
  }

  #end({ kind, delayMs, isWithheld }: Core): End {
    return {
      kind: kinds[kind] as End['kind'], delayMs, isWithheld, attempt: this.#attempt, response: this.#response, cause: this.#cause,
    }
  }

  /** The next attempt has a signal of its own. */
  #renew(): void {
    this.#endAttempt()
    this.#abort = new AbortController()
  }

  #startAnew(): Step {
    if (!this.#isClosed) this.#renew()
    return this.#next()
  }

  #leave(): Step {
    this.close()
    return Step.Wait
  }

  /** Ends the request and any read of its body. */
  #endAttempt(): void {
    this.#endBody()
    discard(this.#response?.body)
    this.#abort.abort()
  }

  /** Cancels the body, for a custom `fetch` that ignores its signal. */
  #endBody(): void {
    this.#body?.cancel()
    this.#body = undefined
  }

  /** The module trapped or could not be loaded. Reported late enough for new sources to have listeners. */
  #trap(cause: unknown): void {
    this.close(true)
    const end = { ...this.endFor('wasm', cause), response: undefined }
    void nextTask().then(() => this.#task.owner.fail(end))
  }
}
