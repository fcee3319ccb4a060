import type { AnySnapshot } from './snapshot.js'

/** Members that change with every event, and with nothing else. */
const ofEvents = /^(event|last)/

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
    if (last !== undefined && Object.entries(next).every(([name, value]) => ofEvents.test(name) || Object.is(Reflect.get(last, name), value))) return last
    this.#selected = next
    return next
  }
}
