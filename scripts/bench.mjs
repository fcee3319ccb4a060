// Builds the package and benchmarks it; see www/bench/README.md for what `first` and `full` do.
import { run } from './run.mjs'

const steps = [['scripts/build.mjs'], ['www/bench/run.mjs', ...process.argv.slice(2)]]
for (const step of steps) {
  const { code } = await run(process.execPath, step)
  if (code !== 0) process.exit(code)
}
