// What the first use costs, as Markdown.
import { newcomers } from './arena.mjs'
import { roundTrips } from './first.mjs'
import { table } from './markdown.mjs'
import { median } from './statistics.mjs'

/** What ours is to take at most: in ms, the minimum for the first event, the median for the rest; of the hinted file in brackets. */
const budget = { cpu: '6.0 (4.0)', functions: '110', constructor: '1.5', event: '5.5 (3.5)' }

const ms = (value) => value.toFixed(1)
const typical = (values) => `${ms(median(values))} (${ms(Math.min(...values))})`

/** Of what each run took, over all round trips, how much the browser's own class did not in the same round. */
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

What the first source of a fresh page costs, from its construction, with one listener: medians (and minima) of ${rounds} rounds, the
order within each at random. The server is as far away as the round trip says. CPU is that of the main thread until 60 ms
after the first event, over all round trips; "loading" is importing the script. Functions are those that V8 compiles until
the first event, of JavaScript and of the module, by its log of a run of its own; the native class's are the benchmark's. The compile hint is the line
\`//# allFunctionsCalledOnLoad\`, which a bundler drops.

${table(
  ['', 'CPU above native, ms', 'loading, above native', 'functions', 'constructor, ms', 'first event above native, minima, ms'],
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

The last column is for a round trip of ${roundTrips.join(', ')} ms. In full, ms from the construction:

${table(
  ['', ...roundTrips.map((trip) => `request at the server, ${trip} ms`), ...roundTrips.map((trip) => `first event, ${trip} ms`)],
  names.map((name) => [
    newcomers[name].label,
    ...['requestMs', 'eventMs'].flatMap((what) => roundTrips.map((trip) => typical(values(name, what, [trip])))),
  ]),
)}
`
}
