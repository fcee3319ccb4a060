/** Runs in the page: checks a mixed stream, keeps some of its events, and looks at the memory in between. */

import { memoryUse } from '/faults/memory.mjs'
import { EventSource } from 'eventsource-wasm'
import { ID_OF_NONE, dataOf, hasId, idOf, isFollowedById, isHeard, isLarge } from './mixed-stream.mjs'

const MISTAKES_KEPT = 5

let run

/** Opens the source, keeps one event in `keepEvery`, and looks at the memory once in `lookEvery` events. */
export function start(url, isAscii, keepEvery, lookEvery) {
  const [kept, samples, mistakes] = [[], [], []]
  const source = new EventSource(url, { reconnect: false })
  let number = 0
  let lastEventId = ''
  const expectNext = () => {
    if (isFollowedById(number) && number > 0) lastEventId = ID_OF_NONE
    number += 1
    if (hasId(number)) lastEventId = idOf(number)
  }
  let toKeep = keepEvery
  let toLook = lookEvery
  const hear = (event) => {
    do expectNext()
    while (!isHeard(number))
    const isRight = event.data === dataOf(number, isAscii) && event.lastEventId === lastEventId
    if (!isRight && mistakes.length < MISTAKES_KEPT) mistakes.push({ number, lastEventId, got: [event.data.slice(0, 50), event.lastEventId] })
    if (number >= toKeep && !isLarge(number)) {
      kept.push(event)
      toKeep += keepEvery
    }
    if (number >= toLook) {
      samples.push({ number, ...memoryUse() })
      toLook += lookEvery
    }
  }
  source.onmessage = hear
  source.addEventListener('tick', hear)
  const ended = new Promise((resolve) => {
    source.addEventListener('end', () => { source.close(); resolve(true) })
    source.onerror = ({ message }) => { mistakes.push(message); resolve(true) }
  })
  run = { kept, samples, mistakes, ended }
}

/** What came so far, at the end of the stream or after `ms`. */
export async function progress(ms) {
  const hasEnded = await Promise.race([run.ended, new Promise((resolve) => { setTimeout(resolve, ms, false) })])
  if (hasEnded) globalThis.gc?.()
  return { hasEnded, kept: run.kept.length, samples: run.samples, mistakes: run.mistakes }
}
