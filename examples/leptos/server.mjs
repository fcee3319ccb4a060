import { fileURLToPath } from 'node:url'
import { serve } from '../files.mjs'

serve({ '/': fileURLToPath(new URL('page/', import.meta.url)) })
