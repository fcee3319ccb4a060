import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { stripVTControlCharacters } from 'node:util'
import { root } from '../../scripts/run.mjs'
import { freePort } from '../faults/free-port.mjs'

/** Starts an example by the command that a reader is told, and resolves when it says where it is. */
export async function started(name, env = {}) {
  const port = await freePort()
  // A group of its own, so that all that the command starts can be ended.
  const child = spawn('npm', ['run', 'example', name], { cwd: root, env: { ...process.env, PORT: port, ...env }, stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  const exited = once(child, 'exit')
  const signal = (name) => child.exitCode === null && child.signalCode === null && process.kill(-child.pid, name)
  const lines = createInterface({ input: child.stdout })
  const said = []
  const waiting = new Set()
  let isOver = false
  lines.on('line', (line) => {
    said.push(stripVTControlCharacters(line))
    for (const look of waiting) look()
  })
  lines.on('close', () => {
    isOver = true
    for (const look of waiting) look()
  })

  /** Resolves when `count` lines match the pattern. */
  const says = (pattern, count = 1) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const isSaid = said.filter((line) => pattern.test(line)).length >= count
        if (!isSaid && !isOver) return
        waiting.delete(look)
        if (isSaid) resolve()
        else reject(new Error(`it ended before it said ${count} times ${pattern}:\n${said.join('\n')}`))
      }
      waiting.add(look)
      look()
    })

  const stop = async () => {
    signal('SIGTERM')
    await exited
  }
  try {
    await says(new RegExp(`http://localhost:${port}`))
    return { port, said, says, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
