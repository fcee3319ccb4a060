/** Events numbered by the clock: the same number for everybody. A client that knows one gets all that came since. */
export class Feed {
  live = new Set()
  requests = 0
  most = 0
  #start = Date.now()
  #everyMs
  #padding
  #perTurn

  /** So many events at once, each with a comment of so many bytes. */
  constructor({ everyMs = 20, perTurn = 1, padding = 0 } = {}) {
    this.#everyMs = everyMs
    this.#perTurn = perTurn
    this.#padding = padding && `: ${'x'.repeat(padding)}\n`
  }

  get number() {
    return this.#perTurn * Math.floor((Date.now() - this.#start) / this.#everyMs)
  }

  reply = async (exchange) => {
    this.requests += 1
    this.live.add(exchange)
    this.most = Math.max(this.most, this.live.size)
    let sent = Number(exchange.request.lastEventId ?? this.number)
    exchange.head(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    const send = () => {
      let text = ''
      while (sent < this.number) text += `id: ${++sent}\n${this.#padding || ''}data: ${sent}\n\n`
      if (text) void exchange.write(text)
    }
    await exchange.write(':\n\n')
    const timer = setInterval(send, this.#everyMs)
    await exchange.closed
    clearInterval(timer)
    this.live.delete(exchange)
  }
}
