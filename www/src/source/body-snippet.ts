const MAX_BYTES = 2048
/** What a server says about an error mostly comes with the head. An event does not wait longer for it. */
const MAX_MS = 200

/** The beginning of a body that nobody has read, for a person to look at; `undefined` if there is none. */
export function bodySnippet(response: Response | undefined): Promise<string> | undefined {
  const body = response?.bodyUsed ? undefined : response?.body
  return body?.locked === false ? read(body.getReader()) : undefined
}

async function read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, MAX_MS)
  })
  let text = ''
  try {
    for (let left = MAX_BYTES; left > 0;) {
      const chunk = (await Promise.race([reader.read(), late]))?.value
      if (chunk === undefined) break
      text += decoder.decode(chunk.subarray(0, left), { stream: true })
      left -= chunk.length
    }
  } catch {
    // What arrived before the body broke off is the snippet.
  }
  clearTimeout(timer)
  // A read under way keeps the stream of a `fetch` that ignores its signal alive, and all that waits for it.
  reader.cancel().catch(() => {})
  return text
}
