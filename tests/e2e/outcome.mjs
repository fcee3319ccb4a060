/** Runs in the page: the result or exception of an expression, in a form that can be compared between two classes. */
export async function outcome(expression) {
  try {
    return { value: spelled(await expression()) }
  } catch (error) {
    return { thrown: error instanceof DOMException ? `${error.name} DOMException` : error.constructor.name }
  }
}

/** Objects by their class, for they cannot leave the page. */
function spelled(value) {
  if (typeof value === 'function') return `function ${value.name}`
  if (Array.isArray(value)) return value.map(spelled)
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) !== Object.prototype) {
    return Object.prototype.toString.call(value)
  }
  return value ?? String(value)
}

/** The own members of an object as Web IDL describes them. */
export function members(object) {
  return Object.fromEntries(Reflect.ownKeys(object).map((key) => [String(key), descriptor(object, key)]))
}

function descriptor(object, key) {
  const { value, get, set, ...flags } = Object.getOwnPropertyDescriptor(object, key)
  return { ...flags, value: callable(value), get: callable(get), set: callable(set) }
}

function callable(value) {
  if (typeof value !== 'function') return typeof value === 'object' ? typeof value : value
  return `${value.name}/${value.length}${isConstructor(value) ? ' constructor' : ''}`
}

function isConstructor(value) {
  try {
    Reflect.construct(Object, [], value)
    return true
  } catch {
    return false
  }
}
