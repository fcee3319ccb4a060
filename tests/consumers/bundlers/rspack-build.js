import { promisify } from 'node:util'
import { rspack } from '@rspack/core'

/** Builds with Rspack's own API; what it warns of fails, too. */
export async function build(config) {
  const stats = await promisify(rspack)(config)
  if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString())
}
