import { part } from '../part.js'
import { Bars } from '../playground/bars.js'
import type { Counts, MountBoard } from './board.js'
import { FrameMeter } from './frame-meter.js'

const SECONDS = 30
const FIGURES_MS = 1000
const USUAL_FRAMES = 60

/** One of the boards, with its figures. They stay when it stops. */
export class BoardCard {
  readonly button: HTMLButtonElement
  readonly #load: () => Promise<{ mount: MountBoard }>
  readonly #root: HTMLElement
  readonly #frames = new FrameMeter()
  readonly #bars = new Bars(SECONDS)
  #history: number[] = Array.from({ length: SECONDS }, () => 0)
  #stop: (() => void) | undefined
  /** Of the latest call of `run`: its module may arrive when that is already history. */
  #run = 0

  constructor(root: HTMLElement, load: () => Promise<{ mount: MountBoard }>) {
    const template = document.getElementById('board')
    if (!(template instanceof HTMLTemplateElement)) throw new TypeError('no template for the boards')
    part(root, 'view', HTMLElement).append(template.content.cloneNode(true))
    part(root, 'frame-bars', HTMLElement).append(this.#bars.element)
    this.#root = root
    this.#load = load
    this.button = part(root, 'run', HTMLButtonElement)
  }

  get isRunning(): boolean {
    return this.button.textContent === 'Stop'
  }

  async run(rate: number): Promise<void> {
    this.stop()
    this.button.textContent = 'Stop'
    const run = (this.#run += 1)
    const { mount } = await this.#load()
    if (run !== this.#run || !this.isRunning) return

    const counts: Counts = { events: 0, renders: 0 }
    const unmount = mount(part(this.#root, 'stocks', HTMLElement), `market?rate=${rate}`, counts)
    const figures = setInterval(() => this.#showFigures(counts), FIGURES_MS)
    this.#frames.take()
    this.#frames.start()
    this.#stop = () => {
      clearInterval(figures)
      this.#frames.stop()
      unmount()
    }
  }

  stop(): void {
    this.button.textContent = 'Run'
    this.#stop?.()
    this.#stop = undefined
  }

  #showFigures(counts: Counts): void {
    const { frames, longestMs } = this.#frames.take()
    this.#write('events', counts.events.toLocaleString('en'))
    this.#write('renders', counts.renders.toLocaleString('en'))
    this.#write('frames', String(frames))
    this.#write('longest', `${Math.round(longestMs)} ms`)
    counts.events = 0
    counts.renders = 0
    this.#history = [...this.#history.slice(1), frames]
    this.#bars.show(this.#history, USUAL_FRAMES)
  }

  #write(name: string, text: string): void {
    part(this.#root, name, HTMLElement).textContent = text
  }
}
