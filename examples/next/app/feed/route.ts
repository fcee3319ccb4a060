const INTERVAL_MS = 500

/** The time, twice a second. The last event ID is a time too, so a client that was cut off gets what it missed. */
export function GET(request: Request) {
  const now = () => Math.floor(Date.now() / INTERVAL_MS) * INTERVAL_MS
  let time = Number(request.headers.get('last-event-id') ?? now())
  const body = new ReadableStream<string>({
    async pull(controller) {
      time += INTERVAL_MS
      await new Promise((resolve) => setTimeout(resolve, time - Date.now()))
      controller.enqueue(`id: ${time}\ndata: tick\n\n`)
    },
  }, { highWaterMark: 0 })
  return new Response(body.pipeThrough(new TextEncoderStream()), {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
  })
}
