declare const process: { readonly env: { readonly NODE_ENV?: string } }

const given = new Set<string>()

/**
 * Tells a developer, once for each text. Bundlers take the body out of what is built for production, and then the calls,
 * as long as it is written in this way, with that very name.
 */
export function warn(text: string): void {
  try {
    if (process.env.NODE_ENV !== 'production' && !given.has(text)) {
      given.add(text)
      console.warn(`eventsource-wasm: ${text}`)
    }
  } catch {
    // Without a bundler, browsers have no `process`.
  }
}
