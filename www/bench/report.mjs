// The results as Markdown.
import { contestants, limits } from './arena.mjs'
import { table } from './markdown.mjs'
import { reportFirst } from './report-first.mjs'
import { median, quantile, ratio } from './statistics.mjs'

/** Our targets: the minimum CPU ratio of another contestant to ours, including first use. */
const targets = {
  native: { tokens: 12, tiny: 32, ticks: 17, unicode: 5, crlf: 10, comments: 5, big: 2.5, multiline: 2.8 },
  'eventsource-parser': { tokens: 1, tiny: 0.8, ticks: 1, unicode: 1, crlf: 1, comments: 1.4, big: 1.4, multiline: 1.4, split: 0.8 },
}
/** The same for ours with platform events. */
const platformTarget = 1

const labels = Object.fromEntries(Object.entries({ ...contestants, ...limits }).map(([name, { label }]) => [name, label]))

const microseconds = (nanoseconds) => (nanoseconds >= 1e5 ? (nanoseconds / 1000).toFixed(0) : (nanoseconds / 1000).toPrecision(2))
const times = (value) => (value === undefined ? '–' : `${value.toPrecision(value >= 10 ? 3 : 2)} ×`)

const timesOf = (rounds, name, what = 'nanoseconds') => rounds.flatMap((round) => (round[name] ? [round[name][what]] : []))
const cpu = (rounds, name, what) => {
  const values = timesOf(rounds, name, what)
  // One wrong round disqualifies: it would be wrong in a page, too.
  return values.length < rounds.length ? 'wrong' : microseconds(median(values))
}
const spread = (rounds, name) => {
  const values = timesOf(rounds, name)
  return values.length === 0 ? '–' : `± ${(((Math.max(...values) - Math.min(...values)) / 2 / median(values)) * 100).toFixed(0)} %`
}

export const report = ({ head, rounds, throughput, steady, smoothness, latency, first }) => {
  const workloads = Object.keys(throughput)
  const perWorkload = (cell) => workloads.map((name) => cell(throughput[name].rounds, name))
  const heap = (results, name) => {
    const growth = results.flatMap((round) => (round[name] ? [round[name].heapGrowth] : []))
    return growth.length === 0 ? '–' : (median(growth) / 1e6).toFixed(2)
  }
  const against = (other) => [
    [`${labels[other]} ÷ ours`, ...perWorkload((results) => times(ratio(results, other, 'ours')))],
    ['target, at least', ...workloads.map((name) => times(targets[other][name]))],
  ]
  const watched = Object.keys(Object.values(smoothness)[0])
  const longest = (name, each) => {
    const { longestTask, longestStall } = smoothness[name][each]
    return `${longestTask === 0 ? '< 50' : longestTask.toFixed(0)} / ${longestStall.toFixed(0)}`
  }

  return `# Benchmark results

${head}

Every run has a fresh renderer process, and the server a process of its own. Rounds are interleaved: within one, every
contestant runs once. Event count, total length and a checksum of the content must be right. What is counted is the CPU time of
the page's main thread, which other work on the machine does not change much; wall time would.

${workloads.map((name) => `- **${name}**: ${throughput[name].what}`).join('\n')}

## Main-thread CPU, µs an event, first use included

Medians of ${rounds} ${rounds === 1 ? 'round' : 'rounds'}, each on a page that has compiled nothing yet.

${table(['', ...workloads], Object.keys(labels).map((each) => [labels[each], ...perWorkload((results) => cpu(results, each))]))}

"wrong": not the events that were sent.

${rounds === 1 ? 'One round tells nothing of the spread.' : `Spread of ours: ${perWorkload((results, name) => `${name} ${spread(results, 'ours')}`).join(', ')}.`}

## Compared

How many times the CPU of eventsource-wasm, the median of the ratios within each round. Targets are what the project aims at.

${table(
  ['', ...workloads],
  [
    ...against('native'),
    ...against('eventsource-parser'),
    ['eventsource ÷ ours with platform events', ...perWorkload((results) => times(ratio(results, 'eventsource', 'ours-platform')))],
    ['target, at least', ...workloads.map(() => times(platformTarget))],
    ['ours ÷ read and decode', ...perWorkload((results) => times(ratio(results, 'ours', 'drain-decode')))],
  ],
)}

## Steady state

The same as a slope, which leaves the first use out: between a fifth of the events and all of them. µs an event, and ratios as above.

${table(
  ['', ...workloads],
  [
    ...steady.map((each) => [labels[each], ...perWorkload((results) => cpu(results, each, 'slope'))]),
    ...['native', 'eventsource-parser'].map((other) => [`${labels[other]} ÷ ours`, ...perWorkload((results) => times(ratio(results, other, 'ours', 'slope')))]),
    ['eventsource ÷ ours with platform events', ...perWorkload((results) => times(ratio(results, 'eventsource', 'ours-platform', 'slope')))],
  ],
)}

${reportFirst(first)}
## Smoothness

A backlog, and a listener that takes 50 µs for every event. Longest task / longest wait of a 4 ms timer beside it, in ms.

${table(['', ...workloads], watched.map((each) => [labels[each], ...workloads.map((name) => longest(name, each))]))}

## Latency

1000 events a second, from the server's writing to the listener, in ms.

${table(
  ['', 'p50', 'p99'],
  Object.keys(latency).map((each) => [labels[each], ...[0.5, 0.99].map((q) => quantile(latency[each], q).toFixed(2))]),
)}

## Memory

Growth of the JavaScript heap over the whole run, after a collection, in MB.

${table(['', ...workloads], Object.keys(contestants).map((each) => [labels[each], ...perWorkload((results) => heap(results, each))]))}
`
}
