/** The servers of the documentation, each run as it stands there: a client whose connection is cut misses nothing. */

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { describe, test } from 'node:test'
import { EventSource } from 'eventsource-wasm'
import { cuttableProxy } from '../faults/cuttable-proxy.mjs'
import { freePort } from '../faults/free-port.mjs'
import { examples } from './example-servers.mjs'

/** With the installation or compilation of what a server is built on, on a slow machine. */
const BUILD_MS = 600_000
/** Longer than between two events, so that some happen in between. */
const AWAY_MS = 700

describe('servers of the documentation', () => {
  for (const { name, build, missing } of examples) {
    test(name, { timeout: BUILD_MS, skip: missing && `${missing} is not installed` }, async () => {
      const port = await freePort()
      const { command, args } = await build(port)
      const server = spawn(command, args, { env: { ...process.env, PORT: port }, stdio: ['ignore', 'ignore', 'inherit'] })
      const proxy = await cuttableProxy(port, 'GET /events')
      const source = new EventSource(`${proxy.url}/events`, { reconnect: { decide: () => AWAY_MS } })
      let opened = 0
      source.onopen = () => { opened += 1 }
      try {
        const ids = []
        for await (const { type, lastEventId } of source.messages()) {
          assert.equal(type, 'tick')
          ids.push(Number(lastEventId))
          if (ids.length === 5 || ids.length === 10) assert.equal(proxy.cut(), 1)
          if (ids.length === 20) break
        }
        assert.deepEqual(ids, Array.from(ids, (_, index) => ids[0] + index))
        assert.equal(opened, 3)
      } finally {
        source.close()
        proxy.close()
        server.kill()
      }
    })
  }
})
