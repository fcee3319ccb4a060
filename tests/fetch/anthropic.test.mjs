/** The client of Anthropic with our `fetch`. */

import { clients } from './clients.mjs'
import { prove } from './prove.mjs'

clients.filter(({ name }) => name.startsWith('@anthropic')).forEach(prove)
