import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { feed } from '../feed.mjs'

const port = Number(process.env.PORT ?? 3000)

export default defineConfig({
  server: { port, strictPort: true },
  plugins: [react(), { name: 'feed', configureServer: ({ middlewares }) => void middlewares.use('/prices', feed) }],
})
