/** Whether it is an object as a literal makes it, or a list. */
export function isPlain(value: unknown): value is Record<string, unknown> | unknown[] {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // Those of other realms as well.
  return Array.isArray(value) || prototype === null || Object.getPrototypeOf(prototype) === null
}
