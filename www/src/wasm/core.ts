// The only file that knows addresses.
import { Happening, Kind, kinds, Name, Setting, Step, Told } from './glue.js'
import type { BatchMemory } from './batch-memory.js'
import type { Instance } from './instance.js'
import { forgetIfSpent, takeInstance } from './load.js'
import { decode, encode } from './text.js'

export { Happening, Kind, kinds, Name, Setting, Step }

/** The settings of a source by name, in the order of the names. `undefined`, `false` and empty values mean the default. */
export interface Settings {
  readonly numbers: readonly (readonly [Setting, number | boolean | undefined])[]
  readonly names: readonly (readonly [Name, string | undefined])[]
}

const NUMBER_BYTES = 8
const WORD_BYTES = 4

/** Makes the core of a source, synchronously if the module is ready. See {@link takeInstance}. */
export function openCore(settings: Settings): Core | Promise<Core> {
  const instance = takeInstance()
  return instance instanceof Promise ? instance.then((instance) => new Core(instance, settings)) : new Core(instance, settings)
}

/**
 * The core of one source: `src/core.rs` documents its methods. Its getters and the batch describe the last step. Do not
 * call it after {@link free}.
 */
export class Core implements BatchMemory {
  readonly #instance: Instance
  readonly #pointer: number
  /** Index of the first number that the core reports. */
  readonly #told: number
  #room = 0
  #roomBytes = 0
  start = 0
  end = 0
  #text = 0

  constructor(instance: Instance, { numbers, names }: Settings) {
    const { exports } = instance
    this.#instance = instance
    this.#pointer = exports.core_new()
    for (const [setting, value] of numbers) {
      if (value !== undefined && value !== false) exports.core_set(this.#pointer, setting, Number(value))
    }
    for (const [name, text] of names) {
      if (!text) continue
      const bytes = encode(text)
      const room = this.#roomFor(bytes.length)
      instance.views().bytes.set(bytes, room)
      exports.core_name(this.#pointer, name, bytes.length)
    }
    this.#told = (exports.core_told(this.#pointer) >>> 0) / NUMBER_BYTES
  }

  next(): Step {
    return this.#took(this.#instance.exports.core_next(this.#pointer, Date.now(), Math.random()))
  }

  tell(happening: Happening, value = 0): void {
    this.#instance.exports.core_tell(this.#pointer, happening, value, Date.now())
  }

  respond(status: number, contentType: string, retryAfter: string, date: string): void {
    const type = encode(contentType)
    const retry = encode(retryAfter)
    const room = this.#roomFor(type.length + retry.length)
    this.#instance.views().bytes.set(type, room)
    this.#instance.views().bytes.set(retry, room + type.length)
    this.#instance.exports.core_respond(
      this.#pointer, status, type.length, retry.length, Date.parse(retryAfter), Date.parse(date), Date.now(),
    )
  }

  feed(chunk: Uint8Array): Step {
    const room = this.#roomFor(chunk.length)
    this.#instance.views().bytes.set(chunk, room)
    return this.#took(this.#instance.exports.core_feed(this.#pointer, chunk.length, Date.now()))
  }

  /** Infinity without an end. */
  get waitMs(): number {
    return this.#tells(Told.WaitMs)
  }

  /** When that is over, by the core's own clock. */
  get dueMs(): number {
    return this.#tells(Told.DueMs)
  }

  get attempt(): number {
    return this.#tells(Told.Attempt)
  }

  /** Negative for none. */
  get kind(): Kind {
    return this.#tells(Told.Kind)
  }

  /** Negative if no request follows, Infinity if it waits for something other than time. */
  get delayMs(): number {
    return this.#tells(Told.DelayMs)
  }

  /** Whether the source has failed only because the request must not be repeated blindly. */
  get isWithheld(): boolean {
    return this.#tells(Told.Withheld) !== 0
  }

  get reconnectionTime(): number {
    return this.#tells(Told.ReconnectionTime)
  }

  /** Of the last batch. */
  get batchMessages(): number {
    return this.#tells(Told.BatchMessages)
  }

  get lastEventId(): string {
    const start = this.#tells(Told.LastEventId)
    return decode(this.#instance.views().bytes.subarray(start, start + this.#tells(Told.LastEventIdBytes)))
  }

  get words(): Uint32Array {
    return this.#instance.views().words
  }

  text(offset: number, bytes: number): Uint8Array<ArrayBuffer> {
    const start = this.#text + offset
    return this.#instance.views().bytes.subarray(start, start + bytes)
  }

  /** Ends the use of this core. `hasTrapped`: by a call that threw. */
  free(hasTrapped = false): void {
    if (hasTrapped) this.#instance.spend()
    else this.#instance.exports.__wbg_core_free(this.#pointer, 0)
    forgetIfSpent(this.#instance)
  }

  #took(step: Step): Step {
    if (step === Step.Dispatch) {
      this.#text = this.#tells(Told.BatchText)
      this.start = this.#tells(Told.BatchTable) / WORD_BYTES
      this.end = this.start + this.#tells(Told.BatchWords)
    }
    return step
  }

  #tells(what: Told): number {
    return this.#instance.views().numbers[this.#told + what] as number
  }

  /** The address at which `bytes` bytes can be written for the next call. */
  #roomFor(bytes: number): number {
    if (bytes > this.#roomBytes) {
      this.#room = this.#instance.exports.core_room(this.#pointer, bytes) >>> 0
      this.#roomBytes = bytes
    }
    return this.#room
  }
}
