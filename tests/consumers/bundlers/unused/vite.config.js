import { defineConfig } from 'vite'

export default defineConfig({
  build: {
    outDir: 'dist/unused/vite',
    modulePreload: false,
    lib: { entry: 'unused/index.js', formats: ['es'] },
    rolldownOptions: { external: ['react', 'vue'] },
  },
})
