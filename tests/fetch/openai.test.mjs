/** The client of OpenAI with our `fetch`, for three APIs. */

import { clients } from './clients.mjs'
import { prove } from './prove.mjs'

clients.filter(({ name }) => name.startsWith('openai')).forEach(prove)
