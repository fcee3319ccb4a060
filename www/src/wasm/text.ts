// Created lazily: importing must work where neither exists.
let encoder: TextEncoder | undefined
let decoder: TextDecoder | undefined

export function encode(text: string): Uint8Array<ArrayBuffer> {
  encoder ??= new TextEncoder()
  return encoder.encode(text)
}

/** Keeps a leading U+FEFF: the parser has already removed the stream's BOM. */
export function decode(bytes: Uint8Array): string {
  decoder ??= new TextDecoder('utf-8', { ignoreBOM: true })
  return decoder.decode(bytes)
}

/** A copy of the text that does not retain the larger string that it was cut from. */
export function copyOf(text: string): string {
  return decode(encode(text))
}
