import { Connection } from './connection.js'
import { errorOf } from './error-of.js'
import { merged, sending } from './json.js'
import { isPlain } from './plain.js'
import { EventStore } from './store.js'
import { Turns } from './turns.js'
import { call } from '../platform/call.js'
import type { Call, ConnectionState, Finish, SourceOptions, Turn } from './types.js'
import type { MaybeUrl } from './request.js'
import type { EventSourceInit } from '../types.js'

interface Sent extends Call {
  readonly input: unknown
}

/**
 * A store that is idle until `send` makes a request, and never repeats one by itself. With the option `messages` it
 * keeps the turns of a chat.
 */
export class StreamStore extends EventStore {
  readonly #turns: Turns
  #url: MaybeUrl
  #sent: Sent | undefined

  constructor(url: MaybeUrl, options: SourceOptions) {
    const turns = new Turns(options.messages)
    super(undefined, options, { turns })
    this.#turns = turns
    this.#url = url
  }

  override configure(url: MaybeUrl, options: SourceOptions): void {
    this.#url = url
    this.#turns.begin(options.messages)
    super.configure(undefined, options)
  }

  /**
   * Makes the request and ends one that is under way. Resolves to `data` once the reply is finished; rejects if it fails,
   * breaks off or is stopped, without an unhandled rejection: `status` and `error` carry the same information.
   */
  readonly send = (input?: unknown, options?: Call): Promise<unknown> => this.#request({ ...options, input }, input)

  /** Ends the request. Keeps what has arrived. */
  readonly stop = (): void => this.close()

  /**
   * Repeats the last request; in a chat, replaces the last reply. `options` override those of `send`. Rejects if there was
   * no request and a chat has no turn of the user either.
   */
  readonly retry = (options?: Call): Promise<unknown> => {
    if (this.#sent === undefined && this.#turns.asked === 0) return refused('nothing to repeat')
    if (!this.isHidden) {
      this.close()
      this.#turns.rewind()
    }
    // It may be called as an event handler, with a DOM event.
    return this.#request({ input: undefined, ...this.#sent, ...(isPlain(options) && options) }, undefined)
  }

  readonly setMessages = (next: readonly Turn[] | ((turns: readonly Turn[]) => readonly Turn[])): void => {
    this.#turns.set(typeof next === 'function' ? next(this.#turns.list(false, undefined)) : next)
    this.flush(true)
  }

  /** Ends the request and restores the initial state. */
  readonly reset = (): void => {
    this.close()
    this.#sent = undefined
    this.#turns.reset()
    this.restart(undefined)
  }

  #request(sent: Sent, said: unknown): Promise<unknown> {
    if (this.isHidden) return refused('the component is not shown')
    this.close()
    const { options } = this
    const { url = this.#url, method = options.method ?? 'POST', headers } = sent
    let request: EventSourceInit
    try {
      request = { method, reconnect: false, ...(headers !== undefined && { headers }), ...this.#body(sent, said) }
    } catch (error) {
      // Of `toBody`. Nothing else reports it.
      return Promise.reject(error)
    }
    this.#sent = sent
    const finished = new Promise((resolve, reject) => {
      const onEnd = (state: ConnectionState): void => {
        const { status, data } = this.#finish(state)
        if (status === 'done') resolve(data)
        else reject(asError(state))
      }
      this.restart(new Connection({ url: String(url), options, request, onEnd }))
    })
    const { select } = options
    return quiet(select === undefined ? finished : finished.then(select))
  }

  /** Makes the body of the input. In a chat, the input then is the next turn. */
  #body({ input, body }: Sent, said: unknown): EventSourceInit {
    const { messages, toBody = (chat) => ({ messages: chat.messages }) } = this.options
    if (messages === undefined) return sending(merged(input, body))
    const turns = this.#turns.with(said)
    const made = sending(merged(toBody({ messages: turns, input }), body))
    this.#turns.ask(turns)
    return made
  }

  #finish(state: ConnectionState): Finish {
    const { event, data } = this.reading
    this.#turns.end(event !== undefined, data)
    const finish = { ...state, data, messages: this.#turns.list(false, undefined) }
    call(this.options.onFinish, finish)
    return finish
  }
}

function refused(reason: string): Promise<never> {
  return quiet(Promise.reject(new DOMException(reason, 'InvalidStateError')))
}

/** Prevents an unhandled rejection if nothing awaits it. */
function quiet<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => {})
  return promise
}

function asError({ error, truncated }: ConnectionState): Error {
  if (error !== undefined) return errorOf(error)
  return new DOMException(truncated ? 'the reply was cut off, for its component was hidden or is gone' : 'the request was stopped', 'AbortError')
}
