import { memo, startTransition, useEffect, useState, useSyncExternalStore } from 'react'
import { createRoot } from 'react-dom/client'
import { EventSource } from 'eventsource-wasm'
import { useEventSource } from 'eventsource-wasm/react'

const ROW_MS = 0.1
let renders = 0

function spin(ms) {
  const end = performance.now() + ms
  while (performance.now() < end);
}

/** Calls `show` with the number of events, once per animation frame. */
function count(url, show) {
  let events = 0
  let frame
  const source = new EventSource(url)
  source.onmessage = () => {
    events += 1
    frame ??= requestAnimationFrame(() => {
      frame = undefined
      show(events)
    })
  }
  return () => {
    cancelAnimationFrame(frame)
    source.close()
  }
}

const increment = (events) => events + 1

/** Components that show how many events have come. */
const contestants = {
  'no stream': () => null,
  useState({ url }) {
    const [events, show] = useState(0)
    useEffect(() => count(url, show), [url])
    renders += 1
    return events
  },
  useSyncExternalStore({ url }) {
    const [store] = useState(() => {
      let shown = 0
      return {
        getSnapshot: () => shown,
        subscribe: (notify) => count(url, (events) => {
          shown = events
          notify()
        }),
      }
    })
    renders += 1
    return useSyncExternalStore(store.subscribe, store.getSnapshot)
  },
  useEventSource({ url }) {
    const { data } = useEventSource(url, { reducer: increment, initialState: 0 })
    renders += 1
    return data
  },
}

export const names = Object.keys(contestants)

const Row = memo(() => {
  spin(ROW_MS)
  return <i />
})

/** Renders `rows` in a transition beside a contestant, and says how long that took and how often the contestant was rendered meanwhile. */
export async function measure(name, url, rows) {
  const Contestant = contestants[name]
  let setRows
  function Page() {
    const [count, set] = useState(0)
    setRows = set
    return Array.from({ length: count }, (_, index) => <Row key={index} />)
  }
  const container = document.body.appendChild(document.createElement('div'))
  const root = createRoot(container)
  root.render(<><Contestant url={url} /><Page /></>)
  await new Promise((resolve) => setTimeout(resolve, 500))
  renders = 0
  const begin = performance.now()
  await new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (container.querySelectorAll('i').length < rows) return
      observer.disconnect()
      resolve()
    })
    observer.observe(container, { childList: true, subtree: true })
    startTransition(() => setRows(rows))
  })
  const ms = performance.now() - begin
  root.unmount()
  container.remove()
  return { ms, renders }
}
