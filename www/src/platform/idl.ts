/** Web IDL requirements that JavaScript classes do not meet by default. */

/** Makes the class match a Web IDL interface of that name. Its members become enumerable. */
export function defineInterface(Class: { prototype: object }, name: string, constants: Record<string, number>): void {
  defineMembers(Class.prototype)
  Object.defineProperty(Class, 'name', { value: name })
  Object.defineProperty(Class.prototype, Symbol.toStringTag, { value: name, configurable: true })
  for (const [key, value] of Object.entries(constants)) {
    for (const owner of [Class, Class.prototype]) Object.defineProperty(owner, key, { value, enumerable: true })
  }
}

/** Makes the attributes and operations of a prototype enumerable. */
export function defineMembers(prototype: object): void {
  for (const key of Object.getOwnPropertyNames(prototype)) {
    if (key !== 'constructor') Object.defineProperty(prototype, key, { enumerable: true })
  }
}

export function isObject(value: unknown): value is object {
  return typeof value === 'function' || (typeof value === 'object' && value !== null)
}

/** A member of a dictionary. Includes inherited ones, as in Web IDL, but not those of a polluted `Object.prototype`. */
export function memberOf(dictionary: object, name: string): unknown {
  return name in Object.prototype && !Object.hasOwn(dictionary, name) ? undefined : Reflect.get(dictionary, name)
}
