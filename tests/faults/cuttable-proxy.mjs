import { once } from 'node:events'
import { connect, createServer } from 'node:net'

/** A server that forwards everything to `port`, and can cut off the connections that answer `request`, such as `GET /feed`. */
export async function cuttableProxy(port, request) {
  const streams = new Set()
  const sockets = new Set()
  const server = createServer((client) => {
    const upstream = connect(port, 'localhost')
    client.on('data', (bytes) => {
      if (bytes.toString('latin1').startsWith(`${request} `)) streams.add(client)
      else streams.delete(client)
    })
    for (const [from, to] of [[client, upstream], [upstream, client]]) {
      sockets.add(from)
      from.pipe(to)
      // A connection that breaks is what this is for.
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        streams.delete(from)
        to.destroy()
      })
    }
  })
  server.listen(0)
  await once(server, 'listening')
  return {
    url: `http://localhost:${server.address().port}`,
    /** How many were cut. */
    cut: () => {
      const { size } = streams
      for (const stream of streams) stream.resetAndDestroy()
      return size
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
