import type { Flush } from './types.js'

/** A hidden page has no animation frames, but its data must be updated, too. */
const FRAME_FALLBACK_MS = 100

const forFrame = new Set<() => void>()

/** Runs `work` as `flush` says. All work for a frame runs in one task, so that frameworks render it together. */
export function schedule(flush: Flush, work: () => void): void {
  if (flush === 'microtask') queueMicrotask(work)
  else if (flush !== 'frame') setTimeout(work, flush)
  else {
    forFrame.add(work)
    if (forFrame.size === 1) nextFrame(doForFrame)
  }
}

function doForFrame(): void {
  const works = [...forFrame]
  forFrame.clear()
  for (const work of works) work()
}

function nextFrame(callback: () => void): void {
  const { requestAnimationFrame, cancelAnimationFrame } = globalThis
  if (requestAnimationFrame === undefined) {
    setTimeout(callback)
    return
  }
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer)
    callback()
  })
  const timer = setTimeout(() => {
    cancelAnimationFrame(frame)
    callback()
  }, FRAME_FALLBACK_MS)
}
