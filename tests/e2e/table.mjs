import { readdir, readFile } from 'node:fs/promises'

const directory = new URL('../conformance/', import.meta.url)

/** Reads the conformance tables: `[{ section, cases }]`, see tests/conformance. */
export async function conformanceTables() {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.json')).sort()
  return Promise.all(files.map(async (file) => JSON.parse(await readFile(new URL(file, directory), 'utf8'))))
}

/** The event types that a page has to listen to for a case: those it expects, and the defaults of the interface. */
export function typesOf({ messages }) {
  return [...new Set(['open', 'message', 'error', ...messages.map(({ type }) => type)])]
}

/** The last event ID string after the whole event stream. */
export function finalLastEventId({ messages, initialLastEventId = '', lastEventId }) {
  return lastEventId ?? messages.at(-1)?.lastEventId ?? initialLastEventId
}
