/** `WebAssembly.Module` where `lib` has it. Without a DOM it does not. */
type WasmModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } } ? Module : object

/** The forms in which the module can be given. */
export type ModuleSource = WasmModule | ArrayBuffer | ArrayBufferView<ArrayBuffer> | Response | string | URL

/** The core as JavaScript: the exports of `eventsource-wasm/fallback`. */
export interface Fallback {
  readonly instantiate: () => object
}
