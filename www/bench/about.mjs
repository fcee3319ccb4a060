// Describes the measurement, the machine and its load.
import { cpus, loadavg } from 'node:os'
import { contestants, versionOf } from './arena.mjs'

/** The machine's current load: the number of runnable processes. */
export const load = () => loadavg()[0].toFixed(1)

/** The introduction of a report. */
export const about = async (arena, command, loadBefore) => {
  const date = new Date().toISOString().slice(0, 10)
  const [{ model }] = cpus()
  const packages = new Set(Object.values(contestants).flatMap((each) => each.package ?? []))
  return `Made by \`npm run bench -- ${command}\` on ${date}: ${await arena.version()}, headless; Node ${process.versions.node};
${cpus().length} × ${model}, shared with other work (load ${loadBefore} at the start, ${load()} at the end).
${Array.from(packages, (name) => `${name} ${versionOf(name)}`).join(', ')}.`
}
