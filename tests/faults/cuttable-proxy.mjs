import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * A proxy that forwards everything to `port`, once a server listens there, and can cut the connections that answer
 * `request`, such as `GET /feed`.
 */
export async function cuttableProxy(port, request) {
  const streams = new Set()
  const sockets = new Set()
  const server = createServer({ pauseOnConnect: true }, async (client) => {
    sockets.add(client)
    const upstream = await reach(port, () => !client.destroyed)
    if (upstream === undefined) return
    client.on('data', (bytes) => {
      if (bytes.toString('latin1').startsWith(`${request} `)) streams.add(client)
      else streams.delete(client)
    })
    for (const [from, to] of [[client, upstream], [upstream, client]]) {
      sockets.add(from)
      from.pipe(to)
      // This proxy exists to break connections.
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
    /** Returns how many connections it cut. */
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

/** Resolves to a connection once the server is up, or to nothing once it is no longer wanted. */
async function reach(port, isWanted) {
  while (isWanted()) {
    const socket = connect(port, 'localhost')
    try {
      await once(socket, 'connect')
      return socket
    } catch {
      await wait(50)
    }
  }
}
