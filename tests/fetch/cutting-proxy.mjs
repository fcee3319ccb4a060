import { connect, createServer } from 'node:net'

/**
 * A TCP proxy before an HTTP server. A request whose body has `"cut":n` gets `n` bytes of its response's body and then a broken
 * connection; with `"stall":true` besides, silence. It knows the connections that hold the response to a GET.
 */
export class CuttingProxy {
  /** The bodies of responses to requests that were to be cut, as far as they came. */
  bodies = new Map()
  #gets = new Set()
  #waiting = []
  #sockets = new Set()
  #server = createServer((client) => this.#join(client))

  async start(port) {
    this.port = port
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.origin = `http://127.0.0.1:${this.#server.address().port}`
  }

  /** Resolves when a GET is being answered, to what breaks its connection. */
  get() {
    const [socket] = this.#gets
    if (socket) return Promise.resolve(() => this.#break(socket))
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  close() {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #break(socket) {
    this.#gets.delete(socket)
    socket.destroy()
  }

  #join(client) {
    const server = connect(this.port, '127.0.0.1')
    let cut, head
    for (const [socket, other] of [[client, server], [server, client]]) {
      this.#sockets.add(socket)
      socket.on('error', () => {}).on('close', () => {
        this.#sockets.delete(socket)
        this.#gets.delete(socket)
        other.destroy()
      })
    }
    client.on('data', (bytes) => {
      const [, count, stall] = /"cut":(\d+)(,"stall":true)?/.exec(bytes) ?? []
      if (count !== undefined) [cut, head] = [{ left: Number(count), stall, key: Number(count) }, '']
      if (`${bytes}`.startsWith('GET ')) head = ''
      server.write(bytes)
    })
    server.on('data', (bytes) => {
      if (head === undefined || client.destroyed) return void client.write(bytes)
      if (head !== 'passed') {
        head += bytes.toString('latin1')
        const end = head.indexOf('\r\n\r\n') + 4
        if (end < 4) return
        client.write(Buffer.from(head.slice(0, end), 'latin1'))
        bytes = Buffer.from(head.slice(end), 'latin1')
        head = cut ? 'passed' : undefined
        if (!cut) this.#answering(client)
      }
      if (!cut) return void client.write(bytes)
      const { key } = cut
      this.bodies.set(key, (this.bodies.get(key) ?? '') + bytes.toString('latin1'))
      client.write(bytes.subarray(0, cut.left))
      cut.left -= bytes.length
      if (cut.left <= 0 && !cut.stall) client.destroySoon()
      cut.left = Math.max(cut.left, 0)
    })
  }

  #answering(client) {
    this.#gets.add(client)
    this.#waiting.shift()?.(() => this.#break(client))
  }
}
