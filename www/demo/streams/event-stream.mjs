/** A `text/event-stream` response of the texts that an async generator yields, each as soon as somebody reads it. */
export function eventStream(texts) {
  const encoder = new TextEncoder()
  const body = new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await texts.next()
        if (done) controller.close()
        else controller.enqueue(encoder.encode(value))
      },
      cancel() {
        void texts.return()
      },
    },
    { highWaterMark: 0 },
  )
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'x-accel-buffering': 'no' },
  })
}

/** The number of the last event that the client has, from a `Last-Event-ID` header; 0 when there is none. */
export function lastNumber(request) {
  const lastEventId = request.headers.get('last-event-id') ?? ''
  return /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : 0
}

/** What a request asks for: its query, and its JSON body if it has one. */
export async function parametersOf(request) {
  const query = Object.fromEntries(new URL(request.url).searchParams)
  const body = await request.json().catch(() => ({}))
  return { ...query, ...body }
}

/** Says what a request should have asked for. */
export function badRequest(error) {
  return Response.json({ error }, { status: 400 })
}
