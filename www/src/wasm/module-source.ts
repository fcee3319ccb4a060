/** `WebAssembly.Module` where `lib` has it. Without a DOM it does not. */
type WasmModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } } ? Module : object

/** Where the module can be taken from. */
export type ModuleSource = WasmModule | ArrayBuffer | ArrayBufferView<ArrayBuffer> | Response | string | URL

/** The core as JavaScript: what `eventsource-wasm/fallback` exports. */
export interface Fallback {
  readonly instantiate: () => object
}
