/** The AI SDK with our `fetch`, on a server and on a page. */

import { clients } from './clients.mjs'
import { prove } from './prove.mjs'

clients.filter(({ name }) => name.startsWith('ai')).forEach(prove)
