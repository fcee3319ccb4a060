// What `carriers/embedded.ts` carries along, see `scripts/bundle.mjs`.
import type { Fallback } from './module-source.js'

/** The module in hexadecimal. */
export const inlined: string
/** Imports what stands in for the module where WebAssembly is refused. */
export const importFallback: () => Promise<Fallback>
