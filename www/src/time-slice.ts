/** How long events are dispatched before other tasks get a turn. */
const SLICE_MS = 8
/** Work that follows within this time belongs to the same slice: a backlog is read in one task. */
const GAP_MS = 0.5
/** While this much is not reached from one look at the clock to the next, it is looked at less often. */
const LOOK_MS = 0.5
/** A look costs as much as the dispatch of a small event. */
const MAX_EVENTS_PER_LOOK = 32

/** Measures how long the current task has been dispatching events. */
export class TimeSlice {
  #spentMs = 0
  #lookedAt = 0
  #eventsPerLook = 1
  #eventsUntilLook = 1

  /** Begins a run of events, in this task or a new one. Returns the time. */
  enter(): number {
    const now = performance.now()
    const gap = now - this.#lookedAt
    this.#spentMs = gap < GAP_MS ? this.#spentMs + gap : 0
    this.#lookedAt = now
    return now
  }

  /** A new task has begun. */
  reset(): void {
    this.#spentMs = 0
  }

  /** To be asked after every event: is it time to let other tasks run? */
  isOver(): boolean {
    this.#eventsUntilLook -= 1
    if (this.#eventsUntilLook > 0) return false
    const now = performance.now()
    const elapsed = now - this.#lookedAt
    this.#lookedAt = now
    this.#spentMs += elapsed
    this.#eventsPerLook = elapsed < LOOK_MS ? Math.min(this.#eventsPerLook * 2, MAX_EVENTS_PER_LOOK) : 1
    this.#eventsUntilLook = this.#eventsPerLook
    return this.#spentMs >= SLICE_MS
  }
}
