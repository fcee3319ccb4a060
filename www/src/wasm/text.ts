// Made when first needed: importing works where there is neither.
let encoder: TextEncoder | undefined
let decoder: TextDecoder | undefined

export function encode(text: string): Uint8Array<ArrayBuffer> {
  encoder ??= new TextEncoder()
  return encoder.encode(text)
}

/** A text may begin with U+FEFF: the parser has already removed the stream's own. */
export function decode(bytes: Uint8Array): string {
  decoder ??= new TextDecoder('utf-8', { ignoreBOM: true })
  return decoder.decode(bytes)
}

/** The same text, which does not keep alive the larger one that it was cut out of. */
export function copyOf(text: string): string {
  return decode(encode(text))
}
