export const drain = async (url) => {
  const { body } = await fetch(url)
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return bytes
    bytes += value.length
    decoder.decode(value, { stream: true })
  }
}
