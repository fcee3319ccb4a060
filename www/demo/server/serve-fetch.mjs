const MAX_BODY_BYTES = 100_000

/** Express middleware from what answers a `Request` with a `Response`: `find(path)` returns that function, if any. */
export function serveFetch(find) {
  return async (req, res, next) => {
    const answer = find(req.path)
    if (!answer) return next()

    const body = await readBody(req)
    if (body === undefined) return res.status(413).end()
    const response = await answer(request(req, body))
    res.writeHead(response.status, Object.fromEntries(response.headers))
    res.flushHeaders()
    await send(response.body, res)
  }
}

function request({ method, headers, originalUrl }, body) {
  return new Request(new URL(originalUrl, `http://${headers.host ?? 'localhost'}`), {
    method,
    headers: new Headers(headers),
    ...(body.length > 0 && { body }),
  })
}

/** The body of a request; `undefined` if it is too large. */
async function readBody(req) {
  const chunks = []
  let size = 0
  for await (const chunk of req) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Sends chunk by chunk, each after the one before has left. A body that breaks breaks the connection. */
async function send(body, res) {
  if (body === null) return res.end()
  const reader = body.getReader()
  res.on('close', () => void reader.cancel().catch(() => {}))
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      await new Promise(resolve => res.write(value, resolve))
    }
    res.end()
  } catch {
    res.destroy()
  }
}
