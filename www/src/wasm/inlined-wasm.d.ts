/** The wasm in hexadecimal where the entry point carries it along, see `scripts/build.mjs`. */
export const inlined: string | undefined
