declare const process: { readonly env: { readonly NODE_ENV?: string } }

const given = new Set<string>()

/**
 * Warns a developer, once per text. In production builds, bundlers remove the body and then the calls, provided that the
 * condition is written exactly this way.
 */
export function warn(text: string): void {
  try {
    if (process.env.NODE_ENV !== 'production' && !given.has(text)) {
      given.add(text)
      console.warn(`eventsource-wasm: ${text}`)
    }
  } catch {
    // Unbundled code in a browser has no `process`.
  }
}
