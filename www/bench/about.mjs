// What was measured, on what, and how busy the machine was.
import { cpus, loadavg } from 'node:os'
import { contestants, versionOf } from './arena.mjs'

/** The machine's load now: how many programs want to run. */
export const load = () => loadavg()[0].toFixed(1)

/** The sentences that a report begins with. */
export const about = async (arena, command, loadBefore) => {
  const date = new Date().toISOString().slice(0, 10)
  const [{ model }] = cpus()
  const packages = new Set(Object.values(contestants).flatMap((each) => each.package ?? []))
  return `Made by \`npm run bench -- ${command}\` on ${date}: ${await arena.version()}, headless; Node ${process.versions.node};
${cpus().length} × ${model}, shared with other work (load ${loadBefore} at the start, ${load()} at the end).
${Array.from(packages, (name) => `${name} ${versionOf(name)}`).join(', ')}.`
}
