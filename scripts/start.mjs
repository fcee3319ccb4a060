// Builds the package, the demo and the documentation, then serves them at http://localhost:8080, or at PORT.
import { run } from './run.mjs'

const steps = [
  [process.execPath, 'scripts/build.mjs'],
  ['npm', 'run', 'build', '--silent', '--workspace', 'www'],
  [process.execPath, 'scripts/docs/build.mjs'],
  ['npm', 'start', '--silent', '--workspace', 'www'],
]
for (const [command, ...args] of steps) {
  const { code } = await run(command, args)
  if (code !== 0) process.exit(code)
}
