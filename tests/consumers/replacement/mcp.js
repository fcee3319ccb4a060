/** The MCP SDK's older transport, which imports `eventsource`: a call over it, and a token that is renewed after a 401. */

import { once } from 'node:events'
import http from 'node:http'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js'

const sessions = new Map()
const seen = []

const server = http.createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost')
  if (pathname === '/token') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ access_token: 'fresh', token_type: 'Bearer' }))
  } else if (pathname === '/sse') {
    seen.push(request.headers.authorization)
    if (request.headers.authorization !== 'Bearer fresh') return response.writeHead(401).end()
    const transport = new SSEServerTransport('/messages', response)
    sessions.set(transport.sessionId, transport)
    const mcp = new McpServer({ name: 'server', version: '1.0.0' })
    mcp.registerTool('greet', { description: 'Greets' }, () => ({ content: [{ type: 'text', text: 'hello' }] }))
    await mcp.connect(transport)
  } else if (pathname === '/messages') {
    await sessions.get(searchParams.get('sessionId')).handlePostMessage(request, response)
  } else {
    response.writeHead(404).end()
  }
}).listen(0, '127.0.0.1')
await once(server, 'listening')

let tokens = { access_token: 'stale', refresh_token: 'refresh', token_type: 'Bearer' }
const authProvider = {
  redirectUrl: 'http://localhost/callback',
  clientMetadata: { redirect_uris: ['http://localhost/callback'] },
  clientInformation: () => ({ client_id: 'client' }),
  tokens: () => tokens,
  saveTokens: (saved) => { tokens = saved },
  redirectToAuthorization: () => { throw new Error('the token could have been renewed') },
  saveCodeVerifier: () => {},
  codeVerifier: () => 'verifier',
}

const client = new Client({ name: 'client', version: '1.0.0' })
await client.connect(new SSEClientTransport(new URL(`http://127.0.0.1:${server.address().port}/sse`), { authProvider }))
const { content: [{ text }] } = await client.callTool({ name: 'greet' })
console.log(JSON.stringify({ text, seen }))
process.exit()
