import { isPlain } from './plain.js'
import type { EventSourceInit } from '../types.js'

type Init = Pick<EventSourceInit, 'headers' | 'body'>

/** The body and headers that send a value: an object as JSON, the rest as `fetch` does. */
export function sending(value: unknown, headers: EventSourceInit['headers']): Init {
  if (value === undefined) return headers === undefined ? {} : { headers }
  const isJson = /^\[object (Object|Array)\]$/.test(Object.prototype.toString.call(value))
  if (!isJson) return { body: value as BodyInit, ...(headers !== undefined && { headers }) }
  const typed = (given?: HeadersInit): Headers => {
    const result = new Headers(given)
    if (!result.has('content-type')) result.set('content-type', 'application/json')
    return result
  }
  return {
    body: JSON.stringify(value),
    headers: typeof headers === 'function' ? async (attempt) => typed(await headers(attempt)) : typed(headers),
  }
}

/** The members of both, if both are objects; else the second, if there is one. */
export function merged(value: unknown, more: unknown): unknown {
  if (more === undefined) return value
  return isPlain(value) && isPlain(more) ? { ...value, ...more } : more
}
