// Measures every contestant on every workload; `npm run bench` in 2 minutes, `npm run bench -- full` in 15.
import { writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { Arena, contestants, limits, versionOf } from './arena.mjs'
import { chart } from './chart.mjs'
import { report } from './report.mjs'
import { names } from './workloads.mjs'

const isFull = process.argv.includes('full')
const plan = isFull
  ? { rounds: 5, scale: 1, cold: 15, beats: 5000, watched: ['ours', 'native', 'eventsource', 'eventsource-parser'] }
  : { rounds: 1, scale: 0.15, cold: 5, beats: 1000, watched: ['ours', 'native'] }
/** What a page does with an event in the measurement of smoothness, and how many events that is done for. */
const listenerMs = 0.05
const watchedScale = { tokens: 0.1, tiny: 0.025, ticks: 0.1, unicode: 0.17, crlf: 0.1, comments: 0.33, big: 0.3, multiline: 0.5, split: 0.25 }

const quiet = () => loadavg()[0].toFixed(1)
const load = [quiet()]
const arena = await Arena.open()

/** One value for every contestant and workload: throws nothing away, a wrong result is `undefined`. */
const measure = async (name, workload) => {
  try {
    const { result, cpu, heapGrowth } = await arena.run(name, 'read', workload.path, workload.type, workload.expected.events)
    const { events, length, hash, bytes } = workload.expected
    const isRight = name in limits ? result.bytes === bytes : result.events === events && result.length === length && result.hash === hash
    return isRight ? { nanoseconds: (cpu * 1e9) / events, wall: result.wall, heapGrowth } : undefined
  } catch {
    // It waited for events that never came, and says so in the page.
    return undefined
  }
}

const throughput = {}
for (const name of names) {
  const workload = await arena.prepare(name, plan.scale)
  throughput[name] = { what: workload.what, rounds: [] }
  for (let round = 0; round < plan.rounds; round += 1) {
    const results = {}
    for (const each of Object.keys({ ...contestants, ...limits })) results[each] = await measure(each, workload)
    throughput[name].rounds.push(results)
  }
  console.log(`${name}: ${(throughput[name].rounds[0].ours?.nanoseconds ?? NaN).toFixed(0)} ns an event`)
}

const smoothness = {}
for (const name of names) {
  const workload = await arena.prepare(name, watchedScale[name])
  smoothness[name] = {}
  for (const each of plan.watched) {
    const { result } = await arena.run(each, 'read', workload.path, workload.type, workload.expected.events, listenerMs)
    smoothness[name][each] = result
  }
}

const latency = {}
const firstEvent = {}
for (const each of ['ours', 'native', 'eventsource', 'eventsource-parser']) {
  latency[each] = (await arena.run(each, 'latencies', `/metronome?count=${plan.beats}`, plan.beats)).result
  firstEvent[each] = []
}
for (let round = 0; round < plan.cold; round += 1) {
  for (const each of Object.keys(firstEvent)) firstEvent[each].push((await arena.run(each, 'firstEvent', '/one')).result)
}

const browser = await arena.version()
await arena.close()
load.push(quiet())

const [{ model }] = cpus()
const about = {
  date: new Date().toISOString().slice(0, 10),
  rounds: plan.rounds,
  machine: `${cpus().length} × ${model}`,
  load: load.join(' at the start, ') + ' at the end',
  browser,
  node: process.version,
  packages: Object.fromEntries(Object.values(contestants).flatMap((each) => (each.package ? [[each.package, versionOf(each.package)]] : []))),
}
const text = report({ about, throughput, smoothness, latency, firstEvent })
if (isFull) {
  writeFileSync(join(import.meta.dirname, 'RESULTS.md'), text)
  writeFileSync(join(import.meta.dirname, 'chart.svg'), chart(throughput))
}
console.log(text)
