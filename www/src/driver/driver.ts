import { nextTask } from '../platform/task.js'
import type { Attempt, AttemptReason, ErrorKind } from '../types.js'
import { Happening, kinds, openCore, Step, type Core, type Settings } from '../wasm/core.js'
import { Alarm } from './alarm.js'
import { answerOf, type Answer } from './answer.js'
import { Blocked } from './blocked.js'
import { Body, discard, type ReadResult } from './body.js'
import type { AttemptRequest, End, Owner } from './owner.js'

/** What a driver is made for. */
export interface Task {
  readonly owner: Owner
  /** Asked for once, after the first request has left. */
  readonly settings: () => Settings
  /** The last event ID string to begin with. */
  readonly lastEventId: string
  readonly fetch: typeof fetch
  /** The first request changes nothing on a server: it need not wait until it is certain that its answer can be read. */
  readonly isSafe: boolean
}

/**
 * Runs one source: does what the core says, and tells it what came of that.
 *
 * The core says one step after the other. Most end with something to wait for. What happens meanwhile can make that
 * unwanted: another step comes, and the outcome of the old one is dropped when it is there.
 */
export class Driver {
  readonly #task: Task
  #alarm: Alarm | undefined
  #core: Core | undefined
  /** Settles when the core is there, or has failed to come. */
  #loading: Promise<void> | undefined
  #isClosed = false
  #isFinal = false
  /** A step is being done, so a function of the owner's may be running. */
  #isEntered = false
  /** A promise of the owner's holds the source back: what happens is told after that. */
  #isHeld = false
  /** So do consumers who have not taken what was dispatched. */
  #isLagging = false
  /** A function of the init has promised the request. */
  #isPreparing = false
  /** What happened that the core does not know of, with the value that belongs to it. */
  #happened: [Happening, number][] = []
  /** Counts the steps. An outcome counts while no other step has come. */
  #turn = 0
  #abort = new AbortController()
  #attempt = 0
  /** What the last request was asked for with. */
  #asked: Attempt | undefined
  #request: AttemptRequest | undefined
  #response: Answer | undefined
  #body: Body | undefined
  #cause: unknown

  constructor(task: Task) {
    this.#task = task
    // The owner has not got its driver yet.
    void Promise.resolve().then(() => this.#enter(this.#begin, undefined))
  }

  /** The reconnection time in milliseconds; `undefined` where no server could set it yet. */
  get reconnectionTime(): number | undefined {
    return this.#core?.reconnectionTime
  }

  /** No request follows, whatever happens. */
  get isFinal(): boolean {
    return this.#isFinal
  }

  /** Tells what happened to the page. */
  tell(happening: Happening, value = 0): void {
    this.#happened.push([happening, value])
    this.#wake(-Infinity, 0)
  }

  /** The end of the present connection for a reason that the core does not know. */
  endFor(kind: ErrorKind, cause: unknown): End {
    return { kind, delayMs: -1, isWithheld: false, attempt: this.#attempt, response: this.#response, cause }
  }

  /** Makes a new connection. A consumer that lags is no reason to keep one that may be dead. */
  reconnect(): void {
    if (this.#isLagging) {
      this.#isLagging = false
      this.#turn += 1
    }
    const isAnswer = this.#isEntered || this.#isHeld || this.#isPreparing
    this.tell(Happening.Reconnect, Number(isAnswer))
  }

  /** Ends everything that is under way. The owner hears no more. */
  close(hasTrapped = false): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#isFinal = true
    this.#alarm?.clear()
    this.#endAttempt()
    this.#core?.free(hasTrapped)
    this.#core = undefined
  }

  /** Does `work`, and then what the core says until there is something to wait for. */
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
        // The wait has begun, whatever the owner does with the news.
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

  /** Tells the core what happened, and asks for the next step. */
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

  /** A chunk is a sign of life after what happened before it came. */
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

  /** Goes on with `then` when the owner is ready. */
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

  /** Waits for an outcome that another step can make unwanted. */
  #await<T>(promise: Promise<T>, fulfilled: (value: T) => Step, rejected: (cause: unknown) => Step): Step {
    const turn = this.#turn
    promise.then((value) => this.#settle(turn, fulfilled, value), (cause: unknown) => this.#settle(turn, rejected, cause))
    return Step.Wait
  }

  #settle<T>(turn: number, work: (value: T) => Step, value: T): void {
    if (this.#loading !== undefined) void this.#loading.then(() => this.#settle(turn, work, value))
    else if (turn === this.#turn) this.#enter(work, value)
  }

  /** The request leaves first: it needs no decision, and the module takes its time to compile. */
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

  /** A `fetch` of the user's may give anything. */
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
    // What broke off stays locked: what is not, happy-dom cancels with the request, and then nobody hears that it fails.
    if (!isBlocked) this.#body = undefined
    return this.#next(isBlocked ? Happening.Blocked : happening)
  }

  /**
   * Repeats the request so that CORS has no say in whether there is a response, which is opaque: its status is 0. `fetch`
   * leaves out headers that would need leave of the server. What a service worker makes up instead has a status. With
   * `integrity` or another `redirect` there is never one.
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
    // It is no sign of life. A stream that gives nothing else lets others run.
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

  /** Ends the request, and what may still be read of it. */
  #endAttempt(): void {
    this.#endBody()
    discard(this.#response?.body)
    this.#abort.abort()
  }

  /** Ends what was read of, for a `fetch` of the user's that ignores its signal. */
  #endBody(): void {
    this.#body?.cancel()
    this.#body = undefined
  }

  /** The module failed, or there is none. Whoever has only now made the source is to hear of it. */
  #trap(cause: unknown): void {
    this.close(true)
    const end = { ...this.endFor('wasm', cause), response: undefined }
    void nextTask().then(() => this.#task.owner.fail(end))
  }
}
