import { defineConfig } from 'vite'
import { vueFlags } from './vue-flags.js'

export default defineConfig({
  define: vueFlags,
  build: {
    outDir: 'dist/vite',
    rolldownOptions: { input: ['class.html', 'slim.html', 'react.html', 'vue.html', 'worker.html'] },
  },
})
