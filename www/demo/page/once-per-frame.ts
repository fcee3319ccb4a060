/** Returns a function that has `work` done in the next animation frame, once however often it is called until then. */
export function oncePerFrame(work: () => void): () => void {
  let isWaiting = false
  return () => {
    if (isWaiting) return
    isWaiting = true
    requestAnimationFrame(() => {
      isWaiting = false
      work()
    })
  }
}
