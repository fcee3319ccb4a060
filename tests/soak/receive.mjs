/** Runs in the page: counts what comes of a numbered stream and notes every event that is not the next. */

import { memoryUse } from '/faults/memory.mjs'
import { classOf } from '/e2e/trace.mjs'
import { dataOf } from './numbers.mjs'
import { seeded } from './seeded.mjs'

/** More would only fill the memory that is to be measured. */
const MISTAKES_KEPT = 10

const count = { received: 0, opens: 0, errors: 0, deeds: 0, mistakes: [] }
let ended

/** Opens the source. With a `seed`, its listeners also interfere at random, as a page can. */
export async function start(url, init, seed) {
  const Class = await classOf('ours')
  const source = new Class(url, init)
  const meddle = seed === undefined ? () => {} : meddler(source, seeded(seed))
  source.addEventListener('open', () => {
    count.opens += 1
    meddle(0.1)
  })
  source.addEventListener('error', () => {
    count.errors += 1
    meddle(0.1)
  })
  source.addEventListener('message', ({ data, lastEventId }) => {
    count.received += 1
    meddle(0.005)
    const expected = count.received
    if (lastEventId === String(expected) && data === dataOf(expected)) return
    if (count.mistakes.length < MISTAKES_KEPT) count.mistakes.push({ expected, lastEventId, data })
  })
  ended = new Promise((resolve) => {
    source.addEventListener('end', () => {
      source.close()
      resolve(true)
    })
  })
}

/** The network goes and comes, the page was frozen, or the owner wants a new connection. */
function meddler(source, random) {
  const deeds = [
    () => source.reconnect(),
    () => document.dispatchEvent(new Event('resume')),
    () => document.dispatchEvent(new Event('visibilitychange')),
    () => {
      dispatchEvent(new Event('offline'))
      setTimeout(() => dispatchEvent(new Event('online')), random() * 50)
    },
  ]
  return (probability) => {
    if (random() >= probability) return
    count.deeds += 1
    deeds[Math.floor(random() * deeds.length)]()
  }
}

/** What came so far and the memory in use, at the end of the stream or after `sampleMs`. */
export async function sample(sampleMs) {
  const over = new Promise((resolve) => setTimeout(resolve, sampleMs, false))
  const hasEnded = await Promise.race([ended, over])
  return { hasEnded, ...count, memory: memoryUse() }
}
