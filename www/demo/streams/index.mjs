/**
 * All event streams of the site, on web standards alone: Node serves them, and so does a service worker where there is
 * only a host for files.
 *
 *     /ticker   GET or POST   named events, resumes after any of the last thousand
 *     /graphql  POST          GraphQL Yoga, a subscription over `Accept: text/event-stream`
<<<<<<< HEAD
 *     /graphql/stream         the same over one connection for all operations
 *     /graphql/token  GET     a token for both that soon expires
 *     /chat     POST          tokens, ends with `[DONE]`
=======
 *     /chat     POST or GET   tokens, ends with `[DONE]`
>>>>>>> be0f748 (fetch: aborting reaches the connection in Firefox; recipes for the hooks; the site's chat shows a cut reply, and one that goes on by GET)
 *     /echo     any method    what it saw of the request, then numbered events at a rate
 *     /market   GET           prices at a rate, up to 20 000 a second
 *     /shared   GET           numbered events that count the connections of a visitor
 *     /faults   POST          breaks any of them, see switchboard.mjs
 */
import { chat } from './chat.mjs'
import { echo } from './echo.mjs'
import { graphql, graphqlOverOneStream } from './graphql.mjs'
import { market } from './market.mjs'
import { shared } from './shared.mjs'
import { Switchboard } from './switchboard.mjs'
import { ticker } from './ticker.mjs'
import { issueToken, untilTokenExpires } from './tokens.mjs'

/** Returns what answers the request for a path, or `undefined` if that is none of the streams. */
export function createStreams() {
  const switchboard = new Switchboard()
  const streams = new Map(Object.entries({
    ticker,
    graphql: untilTokenExpires(graphql()),
    'graphql/stream': untilTokenExpires(graphqlOverOneStream()),
    'graphql/token': issueToken,
    chat,
    echo,
    market,
    shared: shared(),
  }))

  return path => {
    const name = path.slice(1)
    if (name === 'faults') return request => switchboard.fault(request)
    const stream = streams.get(name)
    return stream && (request => switchboard.guard(request, stream))
  }
}
