import { join } from 'node:path'

export default {
  mode: 'production',
  entry: './unused/index.js',
  output: { path: join(import.meta.dirname, '../dist/unused/webpack') },
}
