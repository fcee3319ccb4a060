// The results as Markdown.
import { contestants, limits } from './arena.mjs'
import { median, quantile, ratio } from './statistics.mjs'

/** How many times less CPU than another contestant ours is to take, at least. */
const targets = {
  native: { tokens: 12, tiny: 30, ticks: 18, unicode: 6, crlf: 10, comments: 5, big: 2.5, multiline: 2.8 },
  'eventsource-parser': { tokens: 1.5, tiny: 1.1, ticks: 1.3, unicode: 1.2, crlf: 1.4, comments: 2, big: 2, multiline: 2.2 },
}

const labels = Object.fromEntries(Object.entries({ ...contestants, ...limits }).map(([name, { label }]) => [name, label]))

const table = (head, rows) => [head, head.map((_, column) => (column === 0 ? '---' : '--:')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
const microseconds = (nanoseconds) => (nanoseconds >= 1e5 ? (nanoseconds / 1000).toFixed(0) : (nanoseconds / 1000).toPrecision(2))
const times = (value) => (value === undefined ? '–' : `${value.toPrecision(value >= 10 ? 3 : 2)} ×`)

const timesOf = (rounds, name) => rounds.flatMap((round) => (round[name] ? [round[name].nanoseconds] : []))
const cpu = (rounds, name) => {
  const values = timesOf(rounds, name)
  // One wrong round is enough: it would be wrong in a page, too.
  return values.length < rounds.length ? 'wrong' : microseconds(median(values))
}
const spread = (rounds, name) => {
  const values = timesOf(rounds, name)
  return values.length === 0 ? '–' : `± ${(((Math.max(...values) - Math.min(...values)) / 2 / median(values)) * 100).toFixed(0)} %`
}

export const report = ({ about, throughput, smoothness, latency, firstEvent }) => {
  const workloads = Object.keys(throughput)
  const rounds = (name) => throughput[name].rounds
  const perWorkload = (cell) => workloads.map((name) => cell(rounds(name), name))
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

Made by \`npm run bench -- full\` on ${about.date}: ${about.browser}, headless; Node ${about.node.slice(1)}; ${about.machine}, shared with
other work (load ${about.load}). ${Object.entries(about.packages).map(([name, version]) => `${name} ${version}`).join(', ')}.

Every run has a fresh renderer process, and the server a process of its own. Rounds are interleaved: within one, every
contestant runs once. Event count, total length and a checksum of the content must be right. What is counted is the CPU time of
the page's main thread, which other work on the machine does not change much; wall time would.

${workloads.map((name) => `- **${name}**: ${throughput[name].what}`).join('\n')}

## Main-thread CPU, µs an event

Medians of ${about.rounds} ${about.rounds === 1 ? 'round' : 'rounds'}.

${table(['', ...workloads], Object.keys(labels).map((each) => [labels[each], ...perWorkload((results) => cpu(results, each))]))}

"wrong": not the events that were sent.

${about.rounds === 1 ? 'One round tells nothing of the spread.' : `Spread of ours: ${perWorkload((results, name) => `${name} ${spread(results, 'ours')}`).join(', ')}.`}

## Compared

How many times the CPU of eventsource-wasm, the median of the ratios within each round. Targets are what the project aims at.

${table(
  ['', ...workloads],
  [
    ...against('native'),
    ...against('eventsource-parser'),
    ['eventsource ÷ ours with platform events', ...perWorkload((results) => times(ratio(results, 'eventsource', 'ours-platform')))],
    ['ours ÷ read and decode', ...perWorkload((results) => times(ratio(results, 'ours', 'drain-decode')))],
  ],
)}

## Smoothness

A backlog, and a listener that takes 50 µs for every event. Longest task / longest wait of a 4 ms timer beside it, in ms.

${table(['', ...workloads], watched.map((each) => [labels[each], ...workloads.map((name) => longest(name, each))]))}

## Latency

1000 events a second, from the server's writing to the listener, in ms; and from \`new\` to the first event on a fresh page, all compiling included.

${table(
  ['', 'p50', 'p99', 'first event, p50'],
  Object.keys(latency).map((each) => [
    labels[each],
    ...[quantile(latency[each], 0.5), quantile(latency[each], 0.99), median(firstEvent[each])].map((value) => value.toFixed(2)),
  ]),
)}

## Memory

Growth of the JavaScript heap over the whole run, after a collection, in MB.

${table(['', ...workloads], Object.keys(contestants).map((each) => [labels[each], ...perWorkload((results) => heap(results, each))]))}
`
}
