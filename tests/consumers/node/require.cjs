const { EventSource } = require('eventsource-wasm')

import('./play.js').then(async ({ play }) => console.log(await play(EventSource, process.argv[2])))
