import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** The top of the clone. Commands run there, wherever their script was called from, unless they name another folder. */
export const root = join(import.meta.dirname, '..')

const color = process.stdout.isTTY ? { CARGO_TERM_COLOR: 'always', FORCE_COLOR: '1' } : {}
const running = new Set()

/** Ends a command and what it started in turn, browsers and servers: each command leads a process group of its own. */
const end = ({ pid }) => {
  try {
    process.kill(-pid, 'SIGTERM')
  } catch {
    // Nothing of the group is left.
  }
}

/**
 * Runs a command to its end and resolves to its exit code and all it wrote; never rejects. The output also goes to the
 * terminal as it comes, unless `quiet`. There is no stdin, so nothing can wait for an answer.
 */
export const run = (command, args, { quiet = false, env = {}, cwd = root } = {}) =>
  new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...color, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    let output = ''
    for (const [from, to] of [[child.stdout, process.stdout], [child.stderr, process.stderr]]) {
      from.setEncoding('utf8').on('data', (text) => {
        output += text
        if (!quiet) to.write(text)
      })
    }
    running.add(child)
    // Leftover processes would keep its output open, and `close` waiting.
    child.on('exit', () => end(child))
    child.on('close', (code) => {
      running.delete(child)
      resolve({ code: code ?? 1, output })
    })
    child.on('error', (error) => resolve({ code: 127, output: `${error.message}\n` }))
  })

process.on('exit', () => running.forEach(end))
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))
