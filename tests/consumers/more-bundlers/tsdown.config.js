import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: 'src/library.ts',
  format: ['esm', 'cjs'],
  dts: true,
  deps: { alwaysBundle: ['eventsource-wasm'] },
  outDir: 'dist/tsdown',
})
