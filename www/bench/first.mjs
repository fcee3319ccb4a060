// What the first source of a page costs: time, CPU, and functions that are compiled for it.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Arena, newcomers } from './arena.mjs'
import { median } from './statistics.mjs'

/** To the server and back, in ms. */
export const roundTrips = [0, 20, 100]

const shuffled = (values) => {
  const left = [...values]
  return values.map(() => left.splice(Math.floor(Math.random() * left.length), 1)[0])
}

/** For every round trip and newcomer what each round gave. Within a round everybody runs once, in any order. */
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

/** How many functions each newcomer has V8 compile from its construction to the first event. How chunks arrive makes a few more or less. */
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

/** What they are called and where they are, in order. V8 logs them, which takes time: so this is a run of its own. */
const compiledFunctions = async (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'eventsource-wasm-bench-log-'))
  try {
    const arena = await Arena.open(`--log-code --logfile=${join(folder, 'v8-%p.log')}`)
    try {
      await arena.open(name, roundTrips[0])
    } finally {
      await arena.close()
    }
    // The browser has a log for each of its processes.
    for (const file of readdirSync(folder)) {
      const compiled = betweenMarks(readFileSync(join(folder, file), 'utf8'))
      if (compiled !== undefined) return compiled
    }
    throw new Error(`V8's log shows no first use of ${name}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** `code-creation,JS,<kind>,<time>,<address>,<size>,<name and place>,…`, for functions of the module as well. */
const line = /^code-creation,JS,\d+,\d+,[^,]*,\d+,([^,]+)/gm

const betweenMarks = (log) => {
  const names = Array.from(log.matchAll(line), ([, name]) => name)
  const [start, end] = ['firstUseBegins', 'firstEventArrives'].map((mark) => names.findIndex((name) => name.startsWith(`${mark} `)))
  // One that is soon called often is compiled twice.
  return start < 0 || end < 0 ? undefined : [...new Set(names.slice(start + 1, end))]
}
