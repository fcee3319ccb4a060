export const drain = async (url) => {
  const { body } = await fetch(url)
  const reader = body.getReader({ mode: 'byob' })
  let buffer = new ArrayBuffer(65_536)
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read(new Uint8Array(buffer))
    if (done) return bytes
    bytes += value.length
    buffer = value.buffer
  }
}
