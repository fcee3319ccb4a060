import { isPlain } from './plain.js'
import type { BodyInit, EventSourceInit } from '../types.js'

/** The part of an init that sends a value: an object as JSON, the rest as `fetch` does. */
export function sending(value: unknown): EventSourceInit {
  if (value === undefined) return {}
  const isJson = /^\[object (Object|Array)\]$/.test(Object.prototype.toString.call(value))
  return isJson ? { json: value as object } : { body: value as BodyInit }
}

/** The members of both, if both are objects; else the second, if there is one. */
export function merged(value: unknown, more: unknown): unknown {
  if (more === undefined) return value
  return isPlain(value) && isPlain(more) ? { ...value, ...more } : more
}
