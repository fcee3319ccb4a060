import { join } from 'node:path'
import { build } from './rspack-build.js'

await build({
  mode: 'production',
  entry: { class: './src/class.js', slim: './src/slim.js' },
  output: { path: join(import.meta.dirname, 'dist', 'rspack'), filename: '[name].js' },
  performance: { hints: false },
})
