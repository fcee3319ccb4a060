/** Makes an instance of the module that `scripts/fallback.mjs` translated. */
export function instantiate(): object
