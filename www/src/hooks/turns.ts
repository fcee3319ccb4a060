import type { Turn } from './types.js'

/** The turns of a chat, and the partial reply to the last one. */
export class Turns {
  #initial: readonly Turn[] | undefined
  #turns: readonly Turn[] = []
  #shown: readonly Turn[] = []
  /** Whether a reply is under way and not yet among the turns. */
  #isReplying = false

  constructor(initial: readonly Turn[] | undefined) {
    this.begin(initial)
  }

  /** The first turns that are given are the initial ones. Some components cannot give them when they are constructed. */
  begin(initial: readonly Turn[] | undefined): void {
    if (this.#initial !== undefined || initial === undefined) return
    this.#initial = initial
    this.#turns = [...initial, ...this.#turns]
  }

  /** The turns with the partial reply, if there is one. Returns the same list while nothing changes. */
  list(hasReply: boolean, reply: unknown): readonly Turn[] {
    if (!this.#isReplying || !hasReply) return this.#turns
    const shown = this.#shown.at(-1)
    if (this.#shown.length !== this.#turns.length + 1 || shown?.content !== reply) {
      this.#shown = [...this.#turns, { role: 'assistant', content: reply }]
    }
    return this.#shown
  }

  set(turns: readonly Turn[]): void {
    this.#turns = turns
    this.#shown = []
  }

  /** The turns with the user's input: a turn, or the content of one. */
  with(input: unknown): readonly Turn[] {
    return input === undefined ? this.#turns : [...this.#turns, isTurn(input) ? input : { role: 'user', content: input }]
  }

  /** Awaits the reply to these turns. */
  ask(turns: readonly Turn[]): void {
    this.set(turns)
    this.#isReplying = true
  }

  /** The number of turns up to the last one of the user. 0: there is none. */
  get asked(): number {
    return this.#turns.map(({ role }) => role).lastIndexOf('user') + 1
  }

  /** Removes all replies to the user's last turn or, if there is none, to the initial turns. */
  rewind(): void {
    this.set(this.#turns.slice(0, this.asked || this.#initial?.length))
  }

  /** The reply is final. */
  end(hasReply: boolean, reply: unknown): void {
    this.#turns = this.list(hasReply, reply)
    this.#isReplying = false
  }

  reset(): void {
    this.set(this.#initial ?? [])
  }
}

function isTurn(input: unknown): input is Turn {
  return typeof input === 'object' && input !== null && 'role' in input
}
