import { nextTask } from '../platform/task.js'

/** Other tasks get their turn after twice this. */
const HALF_SLICE_MS = 4
/** While less than this passes between two looks at the clock, it is checked less often. */
const LOOK_MS = 0.5
/** A look costs as much as dispatching a few small events. */
const MAX_EVENTS_PER_LOOK = 256

// All sources share the tasks of the realm. We cannot detect a new task, so we queue one when the second half of the
// slice begins; when it runs, a new slice begins.
let halfBeganAt = 0
let isSecondHalf = false

function isSliceOver(now: number): boolean {
  if (now - halfBeganAt < HALF_SLICE_MS) return false
  if (isSecondHalf) return true
  isSecondHalf = true
  halfBeganAt = now
  void nextTask().then(() => {
    isSecondHalf = false
    halfBeganAt = performance.now()
  })
  return false
}

/** Tells one source when it has dispatched events for long enough in the current task. */
export class TimeSlice {
  #lookedAt = 0
  #eventsPerLook = 1
  #eventsUntilLook = 1

  /** Call it at the start of every run of events: is it time to let other tasks run? */
  isOverAt(now: number): boolean {
    this.#lookedAt = now
    return isSliceOver(now)
  }

  /** Call it before every event of a run. */
  isOver(): boolean {
    this.#eventsUntilLook -= 1
    if (this.#eventsUntilLook > 0) return false
    const now = performance.now()
    this.#eventsPerLook = now - this.#lookedAt < LOOK_MS ? Math.min(this.#eventsPerLook * 2, MAX_EVENTS_PER_LOOK) : 1
    this.#eventsUntilLook = this.#eventsPerLook
    return this.isOverAt(now)
  }
}
