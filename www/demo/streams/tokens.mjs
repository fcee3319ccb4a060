import { breakable } from './breakable.mjs'

const LIFETIME_MS = 10_000

/** A short-lived token: it contains only its expiry time. */
export function issueToken() {
  return Response.json({ token: `${Date.now() + LIFETIME_MS}` })
}

/** Ends streams when the token of their request expires, and refuses it from then on. Requests without one pass. */
export function untilTokenExpires(answer) {
  return async request => {
    const [, expiry] = /^Bearer (\d+)$/.exec(request.headers.get('authorization') ?? '') ?? []
    if (expiry === undefined) return answer(request)

    const leftMs = Number(expiry) - Date.now()
    if (leftMs <= 0) return Response.json({ errors: [{ message: 'The token has expired' }] }, { status: 401 })
    const response = await answer(request)
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response
    const stream = breakable(response)
    const timer = setTimeout(() => stream.end(), leftMs)
    void stream.closed.then(() => clearTimeout(timer))
    return stream.response
  }
}
