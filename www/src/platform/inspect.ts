/** By these an object is asked how it wants to be shown by `console.log`: in Node and Bun, and in Deno. */
export const NODE_INSPECT: unique symbol = /* @__PURE__ */ Symbol.for('nodejs.util.inspect.custom')
export const DENO_INSPECT: unique symbol = /* @__PURE__ */ Symbol.for('Deno.privateCustomInspect')

/** Answers that question, which the platform's events only answer for their own kind and members. */
export function inspected(name: string, object: object, members: readonly string[], asked: readonly unknown[]): string {
  const inspect = asked.find((given) => typeof given === 'function') as (value: unknown, options: unknown) => string
  const shown = members.map((member) => [member, Reflect.get(object, member) as unknown]).filter(([, value]) => value !== undefined)
  return `${name} ${inspect(Object.fromEntries(shown), asked[1])}`
}
