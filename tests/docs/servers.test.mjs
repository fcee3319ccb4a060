/** The servers of the documentation, each run as it stands there: a client whose connection is cut misses nothing. */

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { describe, test } from 'node:test'
import { EventSource } from 'eventsource-wasm'
import { examples } from './example-servers.mjs'

/** With the installation or compilation of what a server is built on, on a slow machine. */
const BUILD_MS = 600_000
/** Longer than between two events, so that some happen in between. */
const AWAY_MS = 700

async function freePort() {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

/** A proxy between the client and the server: it waits until the server is up, and cuts connections. */
async function cable(port) {
  const sockets = new Set()
  const server = createServer(async (client) => {
    const upstream = await reach(port)
    for (const [from, to] of [[client, upstream], [upstream, client]]) {
      sockets.add(from)
      from.on('error', () => to.destroy()).on('close', () => to.destroy()).pipe(to)
    }
  }).listen(0)
  await once(server, 'listening')
  const cut = () => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  return { url: `http://localhost:${server.address().port}`, cut, close: () => { cut(); server.close() } }
}

async function reach(port) {
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const isThere = await Promise.race([once(socket, 'connect'), once(socket, 'error')]).then(() => true, () => false)
    if (isThere) return socket
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

describe('servers of the documentation', () => {
  for (const { name, build, missing } of examples) {
    test(name, { timeout: BUILD_MS, skip: missing && `${missing} is not installed` }, async () => {
      const port = await freePort()
      const { command, args } = await build(port)
      const server = spawn(command, args, { env: { ...process.env, PORT: port }, stdio: ['ignore', 'ignore', 'inherit'] })
      const { url, cut, close } = await cable(port)
      const source = new EventSource(`${url}/events`, { reconnect: { decide: () => AWAY_MS } })
      let opened = 0
      source.onopen = () => { opened += 1 }
      try {
        const ids = []
        for await (const { type, lastEventId } of source.messages()) {
          assert.equal(type, 'tick')
          ids.push(Number(lastEventId))
          if (ids.length === 5 || ids.length === 10) cut()
          if (ids.length === 20) break
        }
        assert.deepEqual(ids, Array.from(ids, (_, index) => ids[0] + index))
        assert.equal(opened, 3)
      } finally {
        source.close()
        close()
        server.kill()
      }
    })
  }
})
