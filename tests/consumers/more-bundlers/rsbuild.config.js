import { defineConfig } from '@rsbuild/core'

export default defineConfig({
  source: { entry: { class: './src/class.js', slim: './src/slim.js' } },
  html: { template: './page.html' },
  output: { distPath: { root: 'dist/rsbuild' } },
})
