/** Makes an instance of what `scripts/fallback.mjs` translated. */
export function instantiate(): object
