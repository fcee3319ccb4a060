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
/** The instance for new sources. */
let current: Instance | undefined

/**
 * Sets where sources find their module and its fallback. A module with a fallback is inlined, so it wins over one that is
 * yet to be loaded. Returns the class, so that all this tree-shakes away with it.
 */
export function provide<Class>(owner: Class, module: () => WebAssembly.Module | URL, fallback?: () => Promise<Fallback>): Class {
  if (fallback !== undefined || find === undefined) {
    find = module
    importFallback = fallback
  }
  return owner
}

/** Sets the module for all instances. The first call wins. */
export function provideModule(module: WebAssembly.Module): void {
  if (typeof instantiate !== 'function') instantiate = of(module)
}

/** Sets the fallback for where WebAssembly is refused. */
export function provideFallback(given: Fallback): void {
  fallback = given
}

/**
 * An instance for a new source: synchronously if the module is ready, or is inlined and may be compiled.
 *
 * @throws any error from compiling, or rejects with it. A later call may succeed.
 */
export function takeInstance(): Instance | Promise<Instance> {
  if (current?.isSpent === false) return current
  instantiate ??= load()
  return typeof instantiate === 'function' ? use(instantiate) : instantiate.then(use)
}

/** Drops an instance that takes no new sources, so that it is collected with its last source. */
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
    // The reason why WebAssembly is refused says more.
  }
  if (fallback === undefined) throw refusal
  return fallback.instantiate as Instantiate
}
