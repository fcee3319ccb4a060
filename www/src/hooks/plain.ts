/** Whether it is a plain object or an array. */
export function isPlain(value: unknown): value is Record<string, unknown> | unknown[] {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // Includes those of other realms.
  return Array.isArray(value) || prototype === null || Object.getPrototypeOf(prototype) === null
}
