import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from '../../scripts/run.mjs'

const manifest = `[package]
name = "pages"
version = "0.0.0"
edition = "2024"

[workspace]

[dependencies]
eventsource-wasm = { path = ${JSON.stringify(root)}, features = ["serde"] }
futures-util = { version = "0.3.31", default-features = false, features = ["std"] }
serde = { version = "1", features = ["derive"] }
wasm-bindgen = "0.2.100"
wasm-bindgen-futures = "0.4.50"
web-sys = { version = "0.3.77", features = ["console", "Window", "EventTarget"] }
`

/** Checks blocks of Rust, each as a module of one crate for WebAssembly. Returns what the compiler has to say, with the page. */
export async function rustComplaints(named) {
  if (named.length === 0) return []
  const directory = join(root, 'target', 'docs', 'rust')
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(join(directory, 'src'), { recursive: true })
  writeFileSync(join(directory, 'Cargo.toml'), manifest)
  // The same versions as the crate is built with, and nothing to look up.
  copyFileSync(join(root, 'Cargo.lock'), join(directory, 'Cargo.lock'))
  const pageOf = new Map()
  for (const { page, block } of named) {
    const name = `block_${pageOf.size}`
    pageOf.set(name, `${page}:${block.line}`)
    writeFileSync(join(directory, 'src', `${name}.rs`), [block.given?.code, block.code].filter(Boolean).join('\n'))
  }
  writeFileSync(join(directory, 'src', 'lib.rs'), `#![allow(dead_code, missing_docs)]\n${[...pageOf.keys()].map((name) => `mod ${name};\n`).join('')}`)
  const args = ['check', '--quiet', '--target', 'wasm32-unknown-unknown', '--manifest-path', join(directory, 'Cargo.toml'), '--message-format', 'short']
  const { code, output } = await run('cargo', args, { quiet: true, env: { CARGO_TARGET_DIR: join(root, 'target') } })
  if (code === 0) return []
  return output.split('\n').filter((line) => line.includes('error')).map((line) => {
    const [, name] = /src\/(block_\d+)\.rs/.exec(line) ?? []
    return `${pageOf.get(name) ?? [...pageOf.values()].join(', ')}: ${line}`
  })
}
