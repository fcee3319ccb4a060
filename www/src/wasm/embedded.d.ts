// The contents that `carriers/embedded.ts` inlines, see `scripts/bundle.mjs`.
import type { Fallback } from './module-source.js'

/** The module in hexadecimal. */
export const inlined: string
/** Imports the fallback for where WebAssembly is refused. */
export const importFallback: () => Promise<Fallback>
