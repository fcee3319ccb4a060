type Alphabet = 'base64' | 'base64url'

/** Built into newer engines. */
interface Native {
  fromBase64?(text: string, options: { alphabet: Alphabet }): Uint8Array<ArrayBuffer>
}

/**
 * Decodes base64 to bytes, also as a decoder for the hooks. Skips line breaks and spaces; padding is optional.
 *
 * @throws `SyntaxError` or `DOMException` if it is not base64; decoders turn that into a `DecodeError`.
 * @example
 * source.addEventListener('audio', decoded(base64, ({ data }) => play(data)))
 */
export function base64(text: string): Uint8Array<ArrayBuffer> {
  return bytesOf(text, 'base64')
}

/** The same for the URL-safe alphabet: `-` and `_` instead of `+` and `/`. */
export function base64url(text: string): Uint8Array<ArrayBuffer> {
  return bytesOf(text, 'base64url')
}

function bytesOf(text: string, alphabet: Alphabet): Uint8Array<ArrayBuffer> {
  const { fromBase64 } = Uint8Array as Native
  if (fromBase64 !== undefined) return fromBase64(text, { alphabet })
  const binary = atob(alphabet === 'base64' ? text : text.replace(/[-_+/]/g, (sign) => ({ '-': '+', _: '/' })[sign] ?? '!'))
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index)
  return bytes
}
