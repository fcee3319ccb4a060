// The server and the worker that follows it. Run them separately to stop one and see what the other does.
import './server.mjs'

const port = process.env.PORT ?? 3000
process.env.FEED ??= `http://localhost:${port}/prices`
await import('./worker.mjs')
