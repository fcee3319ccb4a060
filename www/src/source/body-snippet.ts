import { Body } from '../driver/body.js'

const MAX_BYTES = 2048
/** What a server says about an error mostly comes with the head. An event does not wait longer for it. */
const MAX_MS = 200

/** The beginning of a body that nobody has read, for a person to look at; `undefined` if there is none. Never rejects. */
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
    // An empty chunk counts too: a stream that has nothing else would keep the timer from its turn.
    for (let left = MAX_BYTES; left > 0;) {
      const result = await Promise.race([reader.read(), late])
      const chunk = result && reader.take(result)
      if (chunk === undefined) break
      text += decoder.decode(chunk.subarray(0, left), { stream: true })
      left -= chunk.length || 1
    }
  } catch {
    // What arrived before the body broke off is the snippet.
  }
  clearTimeout(timer)
  // A read under way keeps the stream of a `fetch` that ignores its signal alive, and all that waits for it.
  reader?.cancel()
  return text
}
