// Measures every contestant on every workload, and the first-use cost of some. See the README here for the commands.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { about, load } from './about.mjs'
import { Arena, contestants, limits } from './arena.mjs'
import { chart } from './chart.mjs'
import { countCompiled, measureFirst } from './first.mjs'
import { reportFirst } from './report-first.mjs'
import { report } from './report.mjs'
import { names } from './workloads.mjs'

const plans = {
  short: { rounds: 1, scale: 0.15, firstRounds: 2, beats: 1000, watched: ['ours', 'native'] },
  first: { firstRounds: 15 },
  full: { rounds: 5, scale: 1, firstRounds: 15, beats: 5000, watched: ['ours', 'native', 'eventsource', 'eventsource-parser'] },
}
const [command = 'short'] = process.argv.slice(2)
const plan = plans[command]
if (plan === undefined) throw new Error(`There is no benchmark "${command}", only ${Object.keys(plans).join(', ')}`)

/** The page's work per event when responsiveness is measured, and the number of events. */
const listenerMs = 0.05
const watchedScale = { tokens: 0.1, tiny: 0.025, ticks: 0.1, unicode: 0.17, crlf: 0.1, comments: 0.33, big: 0.3, multiline: 0.5, split: 0.25 }
/** The contestants to measure without first use, and the part of a workload that includes all of that cost. */
const steady = ['ours', 'ours-platform', 'native', 'eventsource', 'eventsource-client', 'eventsource-parser']
const warmUp = 0.2

const loadBefore = load()
const arena = await Arena.open()

/** The cost of one run of a workload; `undefined` if the result differs from what was sent. */
const measure = async (name, workload) => {
  try {
    const { result, cpu, heapGrowth } = await arena.run(name, 'read', workload.path, workload.type, workload.expected.events)
    const { events, length, hash, bytes } = workload.expected
    const isRight = name in limits ? result.bytes === bytes : result.events === events && result.length === length && result.hash === hash
    return isRight ? { cpu, events, nanoseconds: (cpu * 1e9) / events, heapGrowth } : undefined
  } catch {
    // It timed out waiting for events, and the page reports that.
    return undefined
  }
}

/** The same, plus the marginal cost per event. */
const measureTwice = async (name, whole, part) => {
  const result = await measure(name, whole)
  if (result === undefined || !steady.includes(name)) return result
  const less = await measure(name, part)
  return less && { ...result, slope: ((result.cpu - less.cpu) * 1e9) / (result.events - less.events) }
}

const measureThroughput = async () => {
  const throughput = {}
  for (const name of names) {
    const whole = await arena.prepare(name, plan.scale)
    const part = await arena.prepare(name, plan.scale * warmUp)
    throughput[name] = { what: whole.what, rounds: [] }
    for (let round = 0; round < plan.rounds; round += 1) {
      const results = {}
      for (const each of Object.keys({ ...contestants, ...limits })) results[each] = await measureTwice(each, whole, part)
      throughput[name].rounds.push(results)
    }
    console.log(`${name}: ${(throughput[name].rounds[0].ours?.nanoseconds ?? NaN).toFixed(0)} ns an event`)
  }
  return throughput
}

const measureSmoothness = async () => {
  const smoothness = {}
  for (const name of names) {
    const workload = await arena.prepare(name, watchedScale[name])
    smoothness[name] = {}
    for (const each of plan.watched) {
      const { result } = await arena.run(each, 'read', workload.path, workload.type, workload.expected.events, listenerMs)
      smoothness[name][each] = result
    }
  }
  return smoothness
}

const measureLatency = async () => {
  const latency = {}
  for (const each of ['ours', 'native', 'eventsource', 'eventsource-parser']) {
    latency[each] = (await arena.run(each, 'latencies', `/metronome?count=${plan.beats}`, plan.beats)).result
  }
  return latency
}

const first = { rounds: plan.firstRounds, compiled: await countCompiled(), results: await measureFirst(arena, plan.firstRounds) }
const others = command === 'first' ? undefined : { throughput: await measureThroughput(), smoothness: await measureSmoothness(), latency: await measureLatency() }
const head = await about(arena, command, loadBefore)
await arena.close()

const text = others === undefined ? `${head}\n\n${reportFirst(first)}` : report({ head, rounds: plan.rounds, steady, first, ...others })
if (command === 'full') {
  writeFileSync(join(import.meta.dirname, 'RESULTS.md'), text)
  writeFileSync(join(import.meta.dirname, 'chart.svg'), chart(others.throughput, first))
}
console.log(text)
