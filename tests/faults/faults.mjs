import { once } from 'node:events'
import { constants, createGzip, gzipSync } from 'node:zlib'
import { CHUNKED, LAST_CHUNK, chunk, head } from './wire.mjs'

const GIVES_UP = 'the platform fails the connection for good'
/** libsoup treats a cut-off body as complete. */
const LENIENT = { webkit: ['end'] }

/**
 * What a server, or something between it and the page, can do to an answer. `play(wire, bytes)` answers one request
 * that should bring `bytes`, or so many `times`; the requests after that are answered well. `errors` are the kinds of
 * the error events that follow, `[]` where the client need not notice. In every case each event arrives once and in
 * order. Where engines differ:
 *
 * - `errorsIn`: `{ [engine]: errors }`
 * - `finalIn`: `{ [engine]: kind }`, where the engine turns it into a final answer
 * - `native`: `{ [engine]: reason }`, its own class does not survive this
 */
export const faults = [
  {
    name: 'one byte per packet',
    async play(wire, bytes) {
      await wire.write(head())
      await wire.writeBytewise(bytes)
      wire.finish()
    },
    errors: [],
  },
  {
    name: 'slow-loris: the head, too, byte by byte',
    async play(wire, bytes) {
      await wire.writeBytewise(head())
      await wire.writeBytewise(bytes)
      wire.finish()
    },
    errors: [],
  },
  {
    name: 'one byte per chunk of a chunked body',
    async play(wire, bytes) {
      await wire.write(head(CHUNKED))
      for (const byte of bytes) await wire.write(chunk(Buffer.of(byte)))
      await wire.write(LAST_CHUNK)
    },
    errors: [],
  },
  {
    name: 'informational responses first',
    async play(wire, bytes) {
      await wire.write('HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n'.repeat(3))
      await wire.write(head() + bytes)
      wire.finish()
    },
    errors: [],
  },
  {
    name: 'gzip, flushed after every byte',
    async play(wire, bytes) {
      await wire.write(head({ 'content-encoding': 'gzip' }))
      const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH })
      const sent = (async () => { for await (const piece of gzip) await wire.write(piece) })()
      for (const byte of bytes) if (!gzip.write(Buffer.of(byte))) await once(gzip, 'drain')
      gzip.end()
      await sent
      wire.finish()
    },
    errors: [],
  },
  {
    name: 'bytes that mean nothing before those that do',
    async play(wire, bytes) {
      const garbage = Buffer.from(Uint8Array.from({ length: 1 << 18 }, (_, index) => index ^ (index >> 8)))
      await wire.write(head())
      await wire.write(Buffer.concat([garbage, Buffer.from('\n\n'), bytes]))
      wire.finish()
    },
    errors: [],
  },
  {
    name: 'no body at all',
    async play(wire) {
      await wire.write(head({ 'content-length': 0 }))
      wire.finish()
    },
    errors: ['end'],
  },
  {
    name: 'a content-length that is too small',
    async play(wire, bytes) {
      await wire.write(head({ 'content-length': bytes.length >> 1 }))
      await wire.write(bytes)
      wire.finish()
    },
    errors: ['end'],
  },
  {
    name: 'a content-length that is too large',
    async play(wire, bytes) {
      await wire.write(head({ 'content-length': bytes.length }))
      await wire.write(half(bytes))
      wire.finish()
    },
    errors: ['network'],
    errorsIn: LENIENT,
  },
  {
    name: 'FIN in the middle of an event',
    async play(wire, bytes) {
      await wire.write(head())
      await wire.write(half(bytes))
      wire.finish()
    },
    errors: ['end'],
  },
  {
    name: 'FIN before the last chunk',
    async play(wire, bytes) {
      await wire.write(head(CHUNKED))
      await wire.write(chunk(half(bytes)))
      wire.finish()
    },
    errors: ['network'],
    errorsIn: LENIENT,
  },
  {
    name: 'RST in the middle of an event',
    async play(wire, bytes) {
      await wire.write(head())
      await wire.write(half(bytes))
      wire.reset()
    },
    errors: ['network'],
  },
  {
    name: 'a chunk that is no chunk',
    async play(wire, bytes) {
      await wire.write(head(CHUNKED))
      await wire.write(Buffer.concat([chunk(half(bytes)), Buffer.from('no number\r\n')]))
      wire.finish()
    },
    errors: ['network'],
    errorsIn: LENIENT,
    native: { firefox: GIVES_UP },
  },
  {
    name: 'gzip that is none',
    async play(wire, bytes) {
      await wire.write(head({ 'content-encoding': 'gzip' }))
      await wire.write(bytes)
      wire.finish()
    },
    errors: ['network'],
    errorsIn: { webkit: [] },
  },
  {
    name: 'gzip that breaks off',
    async play(wire, bytes) {
      await wire.write(head({ 'content-encoding': 'gzip' }))
      await wire.write(half(gzipSync(bytes)))
      wire.finish()
    },
    errors: ['end'],
  },
  {
    name: 'an answer that contradicts itself',
    async play(wire) {
      await wire.write('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n')
      wire.finish()
    },
    errors: ['network'],
    finalIn: { webkit: 'mime' },
    native: { firefox: GIVES_UP },
  },
  {
    name: 'endless headers',
    async play(wire) {
      await wire.write('HTTP/1.1 200 OK\r\n')
      await wire.flood(Buffer.from('x-header: value\r\n'.repeat(1000)), Infinity)
    },
    errors: ['network'],
    native: { firefox: GIVES_UP },
  },
  {
    name: '100 redirects, of which browsers follow 20 for each attempt',
    times: 100,
    async play(wire) {
      await wire.write(head({ location: '?', 'content-length': 0 }, '307 Temporary Redirect'))
      wire.finish()
    },
    errors: Array(4).fill('network'),
    native: { firefox: GIVES_UP, webkit: GIVES_UP },
  },
]

function half(bytes) {
  return bytes.subarray(0, bytes.length >> 1)
}
