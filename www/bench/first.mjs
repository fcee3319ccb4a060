// The cost of a page's first source: time, CPU, and functions compiled.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Arena, newcomers } from './arena.mjs'
import { median } from './statistics.mjs'

/** Round-trip times, in ms. */
export const roundTrips = [0, 20, 100]

const shuffled = (values) => {
  const left = [...values]
  return values.map(() => left.splice(Math.floor(Math.random() * left.length), 1)[0])
}

/** The results of all rounds, per round trip and newcomer. In each round every newcomer runs once, in random order. */
export const measureFirst = async (arena, rounds) => {
  const results = {}
  for (const trip of roundTrips) results[trip] = Object.fromEntries(Object.keys(newcomers).map((name) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const trip of roundTrips) {
      for (const name of shuffled(Object.keys(newcomers))) results[trip][name].push(await arena.open(name, trip))
    }
  }
  return results
}

/** The number of functions that V8 compiles per newcomer, from construction to first event. Varies a little with chunking. */
export const countCompiled = async () => {
  const counts = {}
  for (const name of Object.keys(newcomers)) {
    const runs = []
    for (let run = 0; run < 3; run += 1) runs.push(await compiledFunctions(name))
    const wasm = runs.map((functions) => functions.filter((each) => each.startsWith('wasm-function')).length)
    const js = runs.map((functions, run) => functions.length - wasm[run])
    counts[name] = { js: median(js), wasm: median(wasm) }
  }
  return counts
}

/** Their names and locations, in order. V8's logging takes time, so this is a separate run. */
const compiledFunctions = async (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'eventsource-wasm-bench-log-'))
  try {
    const arena = await Arena.open(`--log-code --logfile=${join(folder, 'v8-%p.log')}`)
    try {
      await arena.open(name, roundTrips[0])
    } finally {
      await arena.close()
    }
    // The browser writes a log per process.
    for (const file of readdirSync(folder)) {
      const compiled = betweenMarks(readFileSync(join(folder, file), 'utf8'))
      if (compiled !== undefined) return compiled
    }
    throw new Error(`V8's log shows no first use of ${name}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** `code-creation,JS,<kind>,<time>,<address>,<size>,<name and place>,…`, including functions of the module. */
const line = /^code-creation,JS,\d+,\d+,[^,]*,\d+,([^,]+)/gm

const betweenMarks = (log) => {
  const names = Array.from(log.matchAll(line), ([, name]) => name)
  const [start, end] = ['firstUseBegins', 'firstEventArrives'].map((mark) => names.findIndex((name) => name.startsWith(`${mark} `)))
  // A function that soon becomes hot is compiled twice.
  return start < 0 || end < 0 ? undefined : [...new Set(names.slice(start + 1, end))]
}
