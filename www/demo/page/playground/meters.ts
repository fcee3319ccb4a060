import { whileInView } from '../in-view.js'
import type { Instrument } from '../instrument.js'
import { part } from '../part.js'
import { Bars } from './bars.js'
import { BOUNDS_MS, Latency } from './latency.js'
import { Rate } from './rate.js'

const SECONDS = 30
const REFRESH_MS = 250

/** How fast events come, and how long they were under way if they say when they were sent. */
export class Meters implements Instrument {
  readonly element: HTMLElement
  readonly #rate = new Rate(SECONDS)
  readonly #latency = new Latency()
  readonly #rateBars = new Bars(SECONDS)
  readonly #latencyBars = new Bars(BOUNDS_MS.length + 1)
  #timer: ReturnType<typeof setInterval> | undefined

  /** `element` holds the parts `rate`, `rate-bars`, `latency` and `latency-bars`. */
  constructor(element: HTMLElement) {
    this.element = element
    part(element, 'rate-bars', HTMLElement).append(this.#rateBars.element)
    part(element, 'latency-bars', HTMLElement).append(this.#latencyBars.element)
    const start = () => (this.#timer = setInterval(() => this.#draw(), REFRESH_MS))
    whileInView(element, start, () => clearInterval(this.#timer))
  }

  received(): void {
    this.#rate.add(performance.now())
  }

  /** `sentAt` is in milliseconds since the epoch, by a clock that agrees with this one. */
  sent(sentAt: number): void {
    this.#latency.add(performance.timeOrigin + performance.now() - sentAt)
  }

  clear(): void {
    this.#rate.clear()
    this.#latency.clear()
  }

  #draw(): void {
    const perSecond = this.#rate.history(performance.now())
    this.#rateBars.show(perSecond)
    this.#write('rate', (perSecond.at(-1) ?? 0).toLocaleString('en'))

    const latency = this.#latency.summary()
    this.#latencyBars.show(latency?.classes ?? [])
    this.#write('latency', latency ? `${milliseconds(latency.median)} (99 %: ${milliseconds(latency.slowest)})` : '–')
  }

  #write(name: string, text: string): void {
    part(this.element, name, HTMLElement).textContent = text
  }
}

function milliseconds(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`
}
