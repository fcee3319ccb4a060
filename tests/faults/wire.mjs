import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'

/** The server's end of one connection, below HTTP: what is written is what goes out. */
export class Wire {
  #socket
  /** Bytes that the operating system has taken. */
  written = 0

  constructor(socket) {
    this.#socket = socket
    // These tests expect clients to leave in the middle of a write.
    socket.on('error', () => {})
    socket.setNoDelay(true)
  }

  /** Resolves when the operating system has the bytes, to `false` if the client has gone. */
  async write(bytes) {
    const isGone = await new Promise((resolve) => this.#socket.write(bytes, resolve))
    if (isGone) return false
    this.written += Buffer.byteLength(bytes)
    return true
  }

  /** Every byte in a write of its own, a turn of the event loop apart. */
  async writeBytewise(bytes) {
    for (const byte of Buffer.from(bytes)) {
      if (!await this.write(Buffer.of(byte))) return
      await turn()
    }
  }

  /** Repeats `bytes` until `total` bytes are written or the client has gone. */
  async flood(bytes, total) {
    for (let left = total; left > 0; left -= bytes.length) {
      if (!await this.write(bytes)) return
    }
  }

  /** Half-closes (FIN): the client learns that nothing more comes, and may still send. */
  finish() {
    this.#socket.end()
  }

  /** Breaks the connection (RST). */
  reset() {
    this.#socket.resetAndDestroy()
  }

  /** Resolves when the connection is over on both sides. */
  async over() {
    if (!this.#socket.closed) await once(this.#socket, 'close')
  }
}

const EVENT_STREAM = { 'content-type': 'text/event-stream' }

/** A response head. The connection is not used again: the client could not know where such an answer ends. */
export function head(headers = {}, status = '200 OK') {
  const lines = Object.entries({ ...EVENT_STREAM, connection: 'close', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`
}

export const CHUNKED = { 'transfer-encoding': 'chunked' }
export const LAST_CHUNK = '0\r\n\r\n'

/** One chunk of a chunked body. */
export function chunk(bytes) {
  const buffer = Buffer.from(bytes)
  return Buffer.concat([Buffer.from(`${buffer.length.toString(16)}\r\n`), buffer, Buffer.from('\r\n')])
}
