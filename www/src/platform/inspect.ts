/** By these an object is asked how it wants to be shown by `console.log`: in Node and Bun, and in Deno. */
const QUESTIONS = ['nodejs.util.inspect.custom', 'Deno.privateCustomInspect']

/** Has objects of a prototype shown by `members`: the platform's events answer only for their own kind and members. */
export function showAs(prototype: object, name: string, members: readonly string[]): void {
  const value = function (this: object, ...asked: unknown[]): string {
    const inspect = asked.find((given) => typeof given === 'function') as (value: unknown, options: unknown) => string
    const shown = members.map((member) => [member, Reflect.get(this, member) as unknown]).filter(([, value]) => value !== undefined)
    return `${name} ${inspect(Object.fromEntries(shown), asked[1])}`
  }
  for (const question of QUESTIONS) Object.defineProperty(prototype, Symbol.for(question), { value, configurable: true, writable: true })
}
