import { compile } from './compile.js'
import type { Exports } from './glue.js'
import { Instance } from './instance.js'
import type { Fallback } from './module-source.js'

/** Makes an instance. */
type Instantiate = () => Exports

let find!: () => WebAssembly.Module | URL
let importFallback: (() => Promise<Fallback>) | undefined
let instantiate: Instantiate | Promise<Instantiate> | undefined
let fallback: Fallback | undefined
/** The one that new sources get. */
let current: Instance | undefined

/**
 * Has sources find their module, and what stands in for it. A module with a stand-in is along, so it wins over one that is
 * yet to be loaded. Returns the class, so that bundlers drop all this where nobody uses that.
 */
export function provide<Class>(owner: Class, module: () => WebAssembly.Module | URL, fallback?: () => Promise<Fallback>): Class {
  if (fallback !== undefined || find === undefined) {
    find = module
    importFallback = fallback
  }
  return owner
}

/** Makes `module` the one that all instances come from. The first call wins. */
export function provideModule(module: WebAssembly.Module): void {
  if (typeof instantiate !== 'function') instantiate = of(module)
}

/** Makes `given` what is used where WebAssembly is refused. */
export function provideFallback(given: Fallback): void {
  fallback = given
}

/**
 * An instance for a new source: at once where the module is there, or inlined and allowed.
 *
 * @throws what compiling throws, or the promise rejects with that. A later call may succeed.
 */
export function takeInstance(): Instance | Promise<Instance> {
  if (current?.isSpent === false) return current
  instantiate ??= load()
  return typeof instantiate === 'function' ? use(instantiate) : instantiate.then(use)
}

/** Forgets an instance that serves no further sources, so that it goes with its last one. */
export function forgetIfSpent(instance: Instance): void {
  if (instance === current && instance.isSpent) current = undefined
}

function use(make: Instantiate): Instance {
  if (current?.isSpent !== false) current = new Instance(make())
  return current
}

function of(module: WebAssembly.Module): Instantiate {
  return () => new WebAssembly.Instance(module).exports as unknown as Exports
}

function load(): Instantiate | Promise<Instantiate> {
  try {
    const module = find()
    return module instanceof URL ? remember(compile(module).then(of).catch(standIn)) : of(module)
  } catch (refusal) {
    return remember(standIn(refusal))
  }
}

function remember(loading: Promise<Instantiate>): Promise<Instantiate> {
  loading.then(
    (make) => { if (instantiate === loading) instantiate = make },
    () => { if (instantiate === loading) instantiate = undefined },
  )
  return loading
}

async function standIn(refusal: unknown): Promise<Instantiate> {
  try {
    fallback ??= await importFallback?.()
  } catch {
    // Why WebAssembly is refused says more.
  }
  if (fallback === undefined) throw refusal
  return fallback.instantiate as Instantiate
}
