// Runs in the page: one contestant, one stream.
import { Checksum } from './checksum.mjs'

const contestant = (name) => import(`/contestants/${name}.js`)
/** Imports the scripts, outside of any measurement. */
export const prepare = (name) => contestant(name).then(() => undefined)

const spin = (milliseconds) => {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

/** The longest task that the browser reports (from 50 ms), and the longest delay of a timer set to 4 ms. */
const watch = () => {
  const seen = { longestTask: 0, longestStall: 0 }
  const note = (entries) => entries.forEach(({ duration }) => (seen.longestTask = Math.max(seen.longestTask, duration)))
  const observer = new PerformanceObserver((list) => note(list.getEntries()))
  observer.observe({ entryTypes: ['longtask'] })
  let last = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    seen.longestStall = Math.max(seen.longestStall, now - last)
    last = now
  }, 4)
  return async () => {
    // A task is reported after its end.
    await new Promise((resolve) => setTimeout(resolve, 50))
    clearInterval(timer)
    note(observer.takeRecords())
    observer.disconnect()
    return seen
  }
}

/**
 * Reads a workload. `listenerMs` is the page's own work per event; only with that is responsiveness measured, because
 * measuring takes time, too.
 */
export const read = async (name, url, type, events, listenerMs = 0) => {
  const { open, drain } = await contestant(name)
  const start = performance.now()
  if (drain) return { bytes: await drain(url), wall: performance.now() - start }
  const seen = listenerMs > 0 ? watch() : () => ({})
  const checksum = new Checksum()
  let close
  await new Promise((resolve, reject) => {
    const giveUp = setTimeout(() => reject(new Error(`${name} received ${checksum.events} of ${events} events`)), 120_000)
    close = open(url, type, (data) => {
      if (listenerMs > 0) spin(listenerMs)
      checksum.add(data)
      if (checksum.events < events) return
      clearTimeout(giveUp)
      resolve()
    })
  })
  close()
  return { ...checksum, wall: performance.now() - start, ...(await seen()) }
}

const now = () => performance.timeOrigin + performance.now()

/** Latencies from server write to listener in milliseconds, for `count` events, in ascending order. */
export const latencies = async (name, url, count) => {
  const { open } = await contestant(name)
  const waits = []
  let close
  await new Promise((resolve) => {
    close = open(url, 'message', (data) => {
      waits.push(now() - Number(data))
      if (waits.length === count) resolve()
    })
  })
  close()
  return waits.sort((a, b) => a - b)
}

/** Function names that delimit the relevant part of V8's compile log. */
const marks = {
  firstUseBegins: () => now(),
  firstEventArrives: () => now(),
}

/** Waits until everything that the first event triggered has run. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 60))

/**
 * Milliseconds from the construction of a page's first source: until the constructor returns, until the request reaches
 * the server, and until the first event, which carries that time, arrives. Leaves the source open: closing is not measured.
 */
export const firstUse = async (name, url) => {
  const { open } = await contestant(name)
  const start = marks.firstUseBegins()
  let blocked
  const [requested, received] = await new Promise((resolve) => {
    open(url, 'message', (data) => resolve([Number(data), marks.firstEventArrives()]))
    blocked = now()
  })
  await settled()
  return { blockedMs: blocked - start, requestMs: requested - start, eventMs: received - start }
}
