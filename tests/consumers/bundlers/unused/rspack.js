import { join } from 'node:path'
import { build } from '../rspack-build.js'

await build({
  mode: 'production',
  entry: './unused/index.js',
  output: { path: join(import.meta.dirname, '../dist/unused/rspack') },
})
