/** Calls `enter` when the element comes into view and `leave` when it goes. A stream out of view need not run. */
export function whileInView(element: Element, enter: () => void, leave: () => void): void {
  let isIn = false
  const observer = new IntersectionObserver(entries => {
    const now = entries.at(-1)?.isIntersecting ?? false
    if (now === isIn) return
    isIn = now
    if (now) enter()
    else leave()
  })
  observer.observe(element)
}
