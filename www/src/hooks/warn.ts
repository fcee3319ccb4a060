declare const process: { readonly env: { readonly NODE_ENV?: string } }

const given = new Set<string>()

/** Tells a developer, once for each text. Bundlers take it out of what is built for production. */
export function warn(text: string): void {
  if (!isDevelopment() || given.has(text)) return
  given.add(text)
  console.warn(`eventsource-wasm: ${text}`)
}

function isDevelopment(): boolean {
  try {
    // By this very name, for bundlers to replace.
    return process.env.NODE_ENV !== 'production'
  } catch {
    return false
  }
}
