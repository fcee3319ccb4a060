import { Body } from '../driver/body.js'

const MAX_BYTES = 2048
/** An error body mostly arrives with the head. The event does not wait longer for it. */
const MAX_MS = 200

/** The beginning of an unread body, for a person to read; `undefined` if there is none. Never rejects. */
export async function bodySnippet(body: unknown): Promise<string | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, MAX_MS)
  })
  let reader, text
  try {
    reader = new Body(body)
    const decoder = new TextDecoder()
    text = ''
    // An empty chunk counts, too: a stream of empty chunks would starve the timer.
    for (let left = MAX_BYTES; left > 0;) {
      const result = await Promise.race([reader.read(), late])
      const chunk = result && reader.take(result)
      if (chunk === undefined) break
      text += decoder.decode(chunk.subarray(0, left), { stream: true })
      left -= chunk.length || 1
    }
  } catch {
    // The body broke off: the snippet is what arrived before.
  }
  clearTimeout(timer)
  // If a custom `fetch` ignores its signal, a pending read would keep its stream alive.
  reader?.cancel()
  return text
}
