// The import rules that no linter knows: which room of `src/` may name which (those of `www/src/` are oxlint's, see
// `.oxlintrc.json`). Each rule is a name and a search for its breaches.
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { root } from './run.mjs'

/** What each room of `src/` may name of the others. A pure one decides and never acts: time and chance are its inputs. */
const rust = {
  parser: { pure: true, uses: [] },
  policy: { pure: true, uses: ['parser'] },
  controller: { pure: true, uses: ['parser', 'policy'] },
  driver: { uses: ['parser', 'policy', 'controller'] },
  messages: { uses: ['parser', 'policy', 'controller', 'driver'] },
  core: { pure: true, allows: ['wasm_bindgen'], uses: ['policy', 'controller'] },
}
const impure = /\b(wasm_bindgen|wasm_bindgen_futures|js_sys|web_sys|std::time|Instant|SystemTime|rand|getrandom)\b/g

const refusedNames = 'utils?|helpers?|common|manager|service'

const filesIn = (folder, extension) =>
  readdirSync(join(root, folder), { recursive: true })
    .filter((file) => file.endsWith(extension) && !/(^|\/)(node_modules|dist)\//.test(file))
    .sort()
    .map((file) => `${folder}/${file}`)

const rustTokens = /b?'(?:\\.|[^'\\\n])'|"(?:\\.|[^"\\])*"|\/\/.*|\/\*[\s\S]*?\*\//g
const scriptTokens = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/.*|\/\*[\s\S]*?\*\//g

/** A file without its comments. */
const code = (file) =>
  readFileSync(join(root, file), 'utf8').replace(file.endsWith('.rs') ? rustTokens : scriptTokens, (token) =>
    token.startsWith('/') ? '' : token,
  )

const rustFiles = () => filesIn('src', '.rs')
const scriptFiles = () => filesIn('www/src', '.ts')
const roomOf = (file) => basename(file.split('/')[1], '.rs')

/** What `text` names directly below `crate::`, in `use crate::{ … }` too. */
const namedOfCrate = (text) => {
  const names = []
  for (const [, name, group] of text.matchAll(/\bcrate::(?:(\w+)|(\{[^;]*\}))/g)) {
    if (name) names.push(name)
    let depth = 0
    for (const [, mark, first] of (group ?? '').matchAll(/([{,}])\s*(\w*)/g)) {
      depth += { '{': 1, ',': 0, '}': -1 }[mark]
      if (depth === 1 && first) names.push(first)
    }
  }
  return names
}

const roomsImport = () =>
  rustFiles().flatMap((file) => {
    const room = roomOf(file)
    if (room === 'lib') return []
    if (!(room in rust)) return [`${file} is in no room of the table`]
    const text = code(file)
    const bySuper = Array.from(text.matchAll(/\b(?:super::)+(\w+)/g), ([, name]) => name).filter((name) => name in rust)
    return [...namedOfCrate(text).filter((name) => name in rust), ...bySuper]
      .filter((name) => name !== room && !rust[room].uses.includes(name))
      .map((name) => `${file} names ${name}, ${room} may name: ${rust[room].uses.join(', ') || 'no other room'}`)
  })

const pureRoomsArePure = () =>
  rustFiles()
    .filter((file) => rust[roomOf(file)]?.pure)
    .flatMap((file) => (code(file).match(impure) ?? [])
      .filter((name) => !rust[roomOf(file)].allows?.includes(name))
      .map((name) => `${file} names ${name}`))

const importedBlock = /#\[wasm_bindgen[^\]]*\]\s*(?:#\[[^\]]*\]\s*)*extern "C" \{[^{}]*\}/g

const onlyCoreExports = () =>
  rustFiles()
    .filter((file) => roomOf(file) !== 'core' && /#\[wasm_bindgen\b/.test(code(file).replace(importedBlock, '')))
    .map((file) => `${file} exports with #[wasm_bindgen]`)

/** Only `core.ts` may call the functions that take addresses in the module's memory. */
const oneFileKnowsAddresses = () =>
  scriptFiles()
    .filter((file) => file !== 'www/src/wasm/core.ts' && file !== 'www/src/wasm/glue.ts' && /\bcore_(feed|room|told|next)\b/.test(code(file)))
    .map((file) => `${file} calls the module itself`)

/** Application errors are reported here only if nothing else can report them: exceptions, and misuse of a hook. */
const mayPrint = ['www/src/platform/report.ts', 'www/src/hooks/warn.ts']

const nothingPrints = () =>
  [...rustFiles(), ...scriptFiles()].filter((file) => !mayPrint.includes(file)).flatMap((file) =>
    (code(file).match(/\bconsole(\.|::)\w+|\b(e?print(ln)?|dbg)!/g) ?? []).map((call) => `${file} calls ${call}`),
  )

const namesSayWhat = () => {
  const ofPath = new RegExp(`(^|[/_-])(${refusedNames})([/._-]|$)`, 'i')
  const keywords = 'mod|struct|enum|trait|fn|class|interface|type|function|const|let'
  const declared = new RegExp(`\\b(?:${keywords}) (\\w*?(?:${refusedNames}))\\b`, 'gi')
  const files = (folder) => ['.rs', '.ts', '.tsx', '.mjs'].flatMap((extension) => filesIn(folder, extension))
  const library = ['src', 'www', 'scripts'].flatMap(files)
  return [
    ...[...library, ...files('tests')].filter((file) => ofPath.test(file)),
    ...library.flatMap((file) => Array.from(code(file).matchAll(declared), ([, name]) => `${name} in ${file}`)),
  ]
}

export const layers = [
  { name: 'Rust rooms name only what is below them', breaches: roomsImport },
  { name: 'parser, policy, controller and core are pure', breaches: pureRoomsArePure },
  { name: 'only the core exports to JavaScript', breaches: onlyCoreExports },
  { name: 'one file calls the module and knows its addresses', breaches: oneFileKnowsAddresses },
  { name: 'the library prints nothing but reports and warnings', breaches: nothingPrints },
  { name: `nothing is named ${refusedNames.replaceAll('?', '').replaceAll('|', ', ')}`, breaches: namesSayWhat },
]
