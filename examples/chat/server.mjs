// A chat endpoint like OpenAI's, and the page. Put a real model behind `reply`, or name your provider's URL in the page.
import { createServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import express from 'express'
import { createServer as createVite } from 'vite'

const app = express()
const server = createServer(app)

/** Yields the words of an answer. */
async function* reply(messages) {
  const words = `You said "${messages.at(-1).content}". This is a reply that comes word by word.`.split(/(?<= )/)
  for (const word of words) {
    await pause(60)
    yield word
  }
}

app.post('/v1/chat/completions', express.json(), async (request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  for await (const content of reply(request.body.messages)) {
    // The page stopped the answer, or was closed.
    if (response.destroyed) return
    response.write(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`)
  }
  response.end('data: [DONE]\n\n')
})

const vite = await createVite({ server: { middlewareMode: true, hmr: { server } } })
app.use(vite.middlewares)
server.listen(Number(process.env.PORT ?? 3000), () => console.log(`http://localhost:${server.address().port}`))
