// The files of the package, as one table: what is built, exported and packed follows from it.
import { join } from 'node:path'
import { root } from './run.mjs'

/** Where the package is built. `PACKAGE_FOLDER` lets the release compare builds. */
export const packageFolder = join(root, process.env.PACKAGE_FOLDER ?? 'pkg')

/**
 * Makes Chromium compile all functions while it loads the script: most run before the first event, and compiling them one by
 * one costs the page's thread 30 µs each. Bundlers drop it.
 */
const compileHint = '//# allFunctionsCalledOnLoad'

/**
 * `www/src/<name>.ts` becomes `pkg/dist/<name>.js`, `<name>.cjs` and their declarations, and is exported under its name.
 * An entry that imports another one's file goes on importing it, so that nothing is loaded twice; packages stay imports.
 * `source`: what is bundled in place of that file, which then has the declarations alone.
 * `splits`: its `import()` stays one in CommonJS, for bundlers that split code. Elsewhere it is `require`, which Jest knows too.
 * `usesClass`: it imports `index.js`, so it is also built for the other places where the class may come from.
 */
export const entries = [
  { name: 'class', isInternal: true, banner: compileHint },
  { name: 'index', source: 'carriers/embedded', splits: true },
  { name: 'slim', source: 'carriers/located' },
  { name: 'polyfill', usesClass: true, hasSideEffects: true },
  { name: 'react', usesClass: true, banner: "'use client'" },
  { name: 'vue', usesClass: true },
  { name: 'svelte', usesClass: true },
  { name: 'solid', usesClass: true },
  { name: 'angular', usesClass: true },
  { name: 'store' },
  { name: 'fetch', usesClass: true },
  { name: 'graphql', usesClass: true },
  { name: 'session-store' },
  { name: 'decode' },
  { name: 'decode/decoding', isInternal: true },
  { name: 'fallback' },
  { name: 'share' },
  { name: 'trace' },
]

/** The class of workerd, which Node has no module for. */
const workerd = { name: 'workerd', source: 'carriers/imported', isInternal: true }

/** Where a built file has its class from: the file, and the folder of the entries that use it. */
const homes = { index: '', slim: 'slim/', workerd: 'workerd/' }

/**
 * All built files, without their extension. `entry` is what it is built from, `home` what it imports for `index`, and
 * `formats` the extensions it is built with.
 */
export const files = [
  ...entries.map((entry) => ({ path: entry.name, entry, home: 'index', formats: ['js', 'cjs'] })),
  { path: 'workerd', entry: workerd, home: 'workerd', formats: ['js'] },
  ...['slim', 'workerd'].flatMap((home) => entries.filter(({ usesClass }) => usesClass).map((entry) => ({
    path: homes[home] + entry.name, entry, home, formats: home === 'workerd' ? ['js'] : ['js', 'cjs'],
  }))),
]

export const publicEntries = entries.filter(({ isInternal }) => !isInternal)

/** The paths of an import, and the files that each leads to. workerd has one class, whichever entry is imported. */
export const subpaths = publicEntries.flatMap(({ name, usesClass }) => {
  if (!usesClass) return [{ subpath: name === 'index' ? '' : name, file: name, types: name, workerd: name in homes ? 'workerd' : undefined }]
  return ['index', 'slim'].map((home) => ({ subpath: homes[home] + name, file: homes[home] + name, types: name, workerd: homes.workerd + name }))
})
