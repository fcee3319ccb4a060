import { fileURLToPath } from 'node:url'
import { serve } from '../files.mjs'

const folder = (path) => fileURLToPath(new URL(path, import.meta.url))

serve({ '/eventsource-wasm/': folder('node_modules/eventsource-wasm/dist/'), '/': folder('page/') })
