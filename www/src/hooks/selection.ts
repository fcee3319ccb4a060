import type { AnySnapshot } from './snapshot.js'

const rendered = ['data', 'status', 'readyState', 'error', 'attempt', 'nextRetryAt', 'truncated', 'isPreviousData', 'isPending', 'retryInMs', 'messages'] as const

/** Applies `select`, and keeps its last result while nothing that a component renders has changed. */
export class Selection {
  #snapshot: AnySnapshot | undefined
  #select: ((data: unknown) => unknown) | undefined
  #selected: AnySnapshot | undefined

  of(snapshot: AnySnapshot, select: ((data: unknown) => unknown) | undefined): AnySnapshot {
    if (select === undefined) return snapshot
    if (this.#selected !== undefined && this.#snapshot === snapshot && this.#select === select) return this.#selected
    const next = { ...snapshot, data: select(snapshot.data) }
    this.#snapshot = snapshot
    this.#select = select
    const last = this.#selected
    if (last !== undefined && rendered.every((name) => Object.is(last[name], next[name]))) return last
    this.#selected = next
    return next
  }
}
