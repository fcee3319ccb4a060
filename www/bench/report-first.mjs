// The cost of the first use, as Markdown.
import { newcomers } from './arena.mjs'
import { roundTrips } from './first.mjs'
import { table } from './markdown.mjs'
import { median } from './statistics.mjs'

/** Our budget, times in ms: the minimum for the first event, the median for the rest; the hinted file in brackets. */
const budget = { cpu: '6.0 (4.0)', functions: '110', constructor: '1.5', event: '5.5 (3.5)' }

const ms = (value) => value.toFixed(1)
const typical = (values) => `${ms(median(values))} (${ms(Math.min(...values))})`

/** The excess of each run over the browser's own class in the same round, for all round trips. */
export const aboveNative = (results, name, what) =>
  median(roundTrips.flatMap((trip) => results[trip][name].map((run, round) => run[what] - results[trip].native[round][what])))

export const reportFirst = ({ rounds, compiled, results }) => {
  const names = Object.keys(newcomers)
  const values = (name, what, trips = roundTrips) => trips.flatMap((trip) => results[trip][name].map((run) => run[what]))
  const above = (name, what) => ms(aboveNative(results, name, what))
  const leastAbove = (name) =>
    roundTrips.map((trip) => ms(Math.min(...values(name, 'eventMs', [trip])) - Math.min(...values('native', 'eventMs', [trip])))).join(' / ')
  const functions = ({ js, wasm }) => (wasm === 0 ? `${js}` : `${js} + ${wasm}`)

  return `## First use

What the first source of a fresh page costs, from its construction, with one listener: medians (and minima) of ${rounds} rounds.
Within a round everybody runs once per round trip, in random order. The server delays its response by the round trip.

- CPU: the main thread's until 60 ms after the first event, over all round trips, as the median of the differences within rounds.
- Loading: the CPU of importing the script, likewise.
- Functions: what V8 compiles until the first event, JavaScript + module, by its log of separate runs. Those of the native class
  are the benchmark's own.
- First event above native: the difference of the minima at a round trip of ${roundTrips.join(', ')} ms.
- The hint is the line \`//# allFunctionsCalledOnLoad\`, which a bundler drops. In the budget, brackets are for the file that has it.

${table(
  ['', 'CPU above native, ms', 'loading above native, ms', 'functions', 'constructor blocks, ms', 'first event above native, ms'],
  [
    ...names.map((name) => [
      newcomers[name].label,
      above(name, 'cpuMs'),
      above(name, 'loadMs'),
      functions(compiled[name]),
      typical(values(name, 'blockedMs')),
      leastAbove(name),
    ]),
    ['budget', budget.cpu, '–', budget.functions, budget.constructor, budget.event],
  ],
)}

In ms from the construction:

${table(
  ['', ...roundTrips.map((trip) => `request at the server, ${trip} ms`), ...roundTrips.map((trip) => `first event, ${trip} ms`)],
  names.map((name) => [
    newcomers[name].label,
    ...['requestMs', 'eventMs'].flatMap((what) => roundTrips.map((trip) => typical(values(name, what, [trip])))),
  ]),
)}
`
}
