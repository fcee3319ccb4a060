import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { installedClients } from './install.mjs'

const sdk = async (path) => import(pathToFileURL(join(await installedClients(), 'node_modules/@modelcontextprotocol/sdk/dist/esm', path)))

/** The events of a server's streams, for clients that resume. */
class Events {
  #all = []

  async storeEvent(stream, message) {
    return `${stream}_${this.#all.push({ stream, message }) - 1}`
  }

  async replayEventsAfter(id, { send }) {
    const [, stream, index] = /^(.*)_(\d+)$/.exec(id)
    for (const [at, event] of this.#all.entries()) {
      if (event.stream === stream && at > Number(index)) await send(`${stream}_${at}`, event.message)
    }
    return stream
  }
}

/** An MCP server of the SDK whose tool `count` sends a notification before it answers. */
async function counting() {
  const [{ McpServer }, { z }] = await Promise.all([sdk('server/mcp.js'), import(pathToFileURL(join(await installedClients(), 'node_modules/zod/index.js')))])
  const server = new McpServer({ name: 'counting', version: '1' }, { capabilities: { logging: {} } })
  server.registerTool('count', { inputSchema: { cut: z.number(), stall: z.boolean().optional() } }, async ({ cut }, { sendNotification }) => {
    await sendNotification({ method: 'notifications/message', params: { level: 'info', data: { cut } } })
    // The answer is in a chunk of its own.
    await new Promise((resolve) => { setTimeout(resolve, 1) })
    return { content: [{ type: 'text', text: `counted ${cut}` }] }
  })
  return server
}

/** Streamable HTTP with sessions that can be resumed. `notify(data)` speaks on the server's own stream. */
export async function resumableServer() {
  const { StreamableHTTPServerTransport } = await sdk('server/streamableHttp.js')
  const sessions = new Map()
  const http = createServer(async (request, response) => {
    let session = sessions.get(request.headers['mcp-session-id'])
    if (session === undefined) {
      const server = await counting()
      const transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID, eventStore: new Events(), retryInterval: 10, onsessioninitialized: (id) => { sessions.set(id, session) },
      })
      session = { server, transport }
      await server.connect(transport)
    }
    await session.transport.handleRequest(request, response)
  })
  return listening(http, {
    notify: (data) => Promise.all([...sessions.values()].map(({ server }) => server.server.notification({ method: 'notifications/message', params: { level: 'info', data } }))),
  })
}

/** The SSE transport: a session for every connection. */
export async function sseServer() {
  const { SSEServerTransport } = await sdk('server/sse.js')
  const sessions = new Map()
  const http = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://any')
    if (pathname === '/messages') return sessions.get(searchParams.get('sessionId')).handlePostMessage(request, response)
    const transport = new SSEServerTransport('/messages', response)
    sessions.set(transport.sessionId, transport)
    await (await counting()).connect(transport)
  })
  return listening(http, {})
}

/** Revision 2026-07-28: requests alone. */
export async function statelessServer() {
  const modules = join(await installedClients(), 'node_modules')
  const [{ McpServer, createMcpHandler }, { toNodeHandler }, { z }] = await Promise.all(
    ['@modelcontextprotocol/server/dist/index.mjs', '@modelcontextprotocol/node/dist/index.mjs', 'zod/index.js'].map((file) => import(pathToFileURL(join(modules, file)))),
  )
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: 'counting', version: '1' }, { capabilities: { logging: {} } })
    server.registerTool('count', { inputSchema: z.object({ cut: z.number(), stall: z.boolean().optional() }) }, async ({ cut }, { mcpReq }) => {
      await mcpReq.notify({ method: 'notifications/progress', params: { progressToken: mcpReq._meta.progressToken, progress: 1 } })
      return { content: [{ type: 'text', text: `counted ${cut}` }] }
    })
    return server
  })
  return listening(createServer(toNodeHandler(handler)), {})
}

async function listening(http, more) {
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve))
  return {
    ...more,
    port: http.address().port,
    close: () => {
      http.close()
      http.closeAllConnections()
    },
  }
}

export const clientOf = async (transport) => {
  const { Client } = await sdk('client/index.js')
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(transport)
  return client
}
