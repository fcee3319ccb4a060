/** The element inside `root` that is marked `data-part="name"`, which has to be there and of that class. */
export function part<T extends Element>(root: ParentNode, name: string, type: abstract new () => T): T {
  const element = root.querySelector(`[data-part="${name}"]`)
  if (!(element instanceof type)) throw new TypeError(`no ${type.name} is marked data-part="${name}"`)
  return element
}
