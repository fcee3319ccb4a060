// What an entry point carries along, see `scripts/build.mjs`.
import type { Fallback } from './module-source.js'

/** The module in hexadecimal, if it is inlined. */
export const inlined: string | undefined
/** Imports what stands in for the module where WebAssembly is refused, if the entry point knows of it. */
export const importFallback: (() => Promise<Fallback>) | undefined
