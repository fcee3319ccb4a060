import { CHUNKED, chunk, head } from './wire.mjs'

/** How a body can end after any of its bytes, and the error that the client has of it; see `faults` for the rest. */
export const cuts = [
  {
    name: 'the server ends it',
    errors: ['end'],
    cut: async (wire, bytes) => {
      await wire.write(head())
      await wire.write(bytes)
      wire.finish()
    },
  },
  {
    name: 'FIN where chunks go on',
    errors: ['network'],
    errorsIn: { webkit: ['end'] },
    cut: async (wire, bytes) => {
      await wire.write(head(CHUNKED))
      // A chunk of nothing would be the last one.
      if (bytes.length > 0) await wire.write(chunk(bytes))
      wire.finish()
    },
  },
  {
    name: 'RST',
    errors: ['network'],
    native: { webkit: 'what came of a line before RST begins the first line of the next connection' },
    cut: async (wire, bytes) => {
      await wire.write(head())
      await wire.write(bytes)
      wire.reset()
    },
  },
]
