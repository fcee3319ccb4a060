/** Symbols of the methods that customize `console.log`: in Node and Bun, and in Deno. */
const QUESTIONS = ['nodejs.util.inspect.custom', 'Deno.privateCustomInspect']

/** Makes `console.log` show `members`: the platform's inspection supports only its own events and their members. */
export function showAs(prototype: object, name: string, members: readonly string[]): void {
  const value = function (this: object, ...asked: unknown[]): string {
    const inspect = asked.find((given) => typeof given === 'function') as (value: unknown, options: unknown) => string
    const shown = members.map((member) => [member, Reflect.get(this, member) as unknown]).filter(([, value]) => value !== undefined)
    return `${name} ${inspect(Object.fromEntries(shown), asked[1])}`
  }
  for (const question of QUESTIONS) Object.defineProperty(prototype, Symbol.for(question), { value, configurable: true, writable: true })
}
