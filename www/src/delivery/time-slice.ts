import { nextTask } from '../platform/task.js'

/** Other tasks get their turn after twice this. */
const HALF_SLICE_MS = 4
/** While this much is not reached from one look at the clock to the next, it is looked at less often. */
const LOOK_MS = 0.5
/** A look costs as much as the dispatch of a few small events. */
const MAX_EVENTS_PER_LOOK = 256

// All sources share the tasks of the realm. Nothing tells whether the task is still the same but one that is queued and
// runs: so such a task begins the second half, and when it runs, a new slice begins.
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

  /** To be asked at the start of every run of events: is it time to let other tasks run? */
  isOverAt(now: number): boolean {
    this.#lookedAt = now
    return isSliceOver(now)
  }

  /** To be asked before every event of a run. */
  isOver(): boolean {
    this.#eventsUntilLook -= 1
    if (this.#eventsUntilLook > 0) return false
    const now = performance.now()
    this.#eventsPerLook = now - this.#lookedAt < LOOK_MS ? Math.min(this.#eventsPerLook * 2, MAX_EVENTS_PER_LOOK) : 1
    this.#eventsUntilLook = this.#eventsPerLook
    return this.isOverAt(now)
  }
}
