/** Runs in node and in a page: what does importing a module do, besides giving its exports? */

/** Imports with everything watched that an import of ours must not touch. */
export async function probeImport(specifier, load = (specifier) => import(specifier)) {
  const touched = []
  const restore = [watch(globalThis, 'fetch', touched)]
  for (const name of ['Module', 'Instance', 'Memory', 'compile', 'compileStreaming', 'instantiate', 'instantiateStreaming', 'validate']) {
    restore.push(watch(WebAssembly, name, touched))
  }
  for (const name of ['setTimeout', 'setInterval', 'queueMicrotask', 'addEventListener']) {
    restore.push(watch(globalThis, name, touched))
  }
  for (const name of ['getItem', 'setItem', 'removeItem']) {
    if ('Storage' in globalThis) restore.push(watch(Storage.prototype, name, touched))
  }
  const globals = new Set(Reflect.ownKeys(globalThis))
  const exports = Object.keys(await load(specifier))
  for (const undo of restore) undo()
  const added = Reflect.ownKeys(globalThis).filter((key) => !globals.has(key)).map(String)
  return { exports: exports.sort(), touched, added }
}

function watch(owner, name, touched) {
  const original = owner[name]
  if (original === undefined) return () => {}
  owner[name] = new Proxy(original, {
    apply(target, self, parameters) {
      touched.push(name)
      return Reflect.apply(target, self, parameters)
    },
    construct(target, parameters) {
      touched.push(`new ${name}`)
      return Reflect.construct(target, parameters)
    },
  })
  return () => { owner[name] = original }
}
