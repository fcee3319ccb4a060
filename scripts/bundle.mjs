// Bundles what `entries.mjs` lists, each file in its formats, and the script for pages without modules.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { entries, files, packageFolder } from './entries.mjs'
import { root } from './run.mjs'

const sources = join(root, 'www', 'src')
const dist = join(packageFolder, 'dist')

const thorough = { passes: 3, hoist_funs: true }

/**
 * How each format is made, and where it finds the fallback, which is imported only if WebAssembly is blocked. In ES modules,
 * every bundler treats its file as an asset: if they followed the import, bundlers without code splitting would include it
 * for everyone. CommonJS is for older tools and uses syntax that they know.
 */
const formats = {
  js: {
    build: { format: 'esm', target: 'es2022' },
    importFallback: "() => import(new URL('./fallback.js', import.meta.url).href)",
    minify: { module: true, ecma: 2022, compress: { ...thorough } },
  },
  cjs: {
    build: {
      format: 'cjs',
      target: 'es2019',
      define: { 'import.meta.url': 'fileUrl' },
      banner: { js: 'const fileUrl = "file://" + /* @__PURE__ */ __filename.replace(/[%?#]/g, encodeURIComponent)' },
    },
    importFallback: "() => import('./fallback.cjs').then((module) => module.default ?? module)",
    minify: { toplevel: true, ecma: 2019, compress: { passes: 1 } },
    directive: '"use strict";',
  },
  script: {
    build: { format: 'iife', globalName: 'EventSourceWasm', target: 'es2022' },
    // Read while the script runs: it is null afterwards.
    before: 'const script = globalThis.document?.currentScript?.src',
    importFallback: "() => import(new URL('./fallback.js', script).href)",
    // A copy, because terser modifies its options, and a script must not inherit `module`.
    minify: { ecma: 2022, compress: { ...thorough } },
  },
}

/** Resolves the generated imports: the module in hexadecimal, the fallback, and the core as JavaScript. */
const generated = ({ before = '', importFallback }, { wasm, fallback }) => ({
  name: 'generated',
  setup(build) {
    build.onResolve({ filter: /^#core$/ }, () => ({ path: fallback }))
    build.onResolve({ filter: /^#embedded$/ }, ({ path }) => ({ path, namespace: 'embedded' }))
    build.onResolve({ filter: /^\.\/fallback\.cjs$/ }, ({ path }) => ({ path, external: true }))
    // Hexadecimal keeps bytes whole, so it compresses to 7 % more than the module itself; base64, a third shorter, to 32 %.
    build.onLoad({ filter: /.*/, namespace: 'embedded' }, () => ({
      contents: `${before}
        export const inlined = '${readFileSync(wasm, 'hex')}'
        export const importFallback = ${importFallback}`,
    }))
  },
})

/** Leaves the imports of other built files as they are, from where this one is. */
const betweenFiles = ({ path, entry, home }, extension) => ({
  name: 'between-files',
  setup(build) {
    const external = (file) => {
      const target = relative(dirname(path), file)
      return { path: target.startsWith('.') ? target : `./${target}`, external: true }
    }
    build.onResolve({ filter: /\/module-file\.js$/ }, () => external('eventsource.wasm'))
    build.onResolve({ filter: /^\..*\.js$/ }, ({ path: imported, resolveDir }) => {
      const name = relative(sources, join(resolveDir, imported)).replace(/\.js$/, '')
      if (!entries.some((other) => other.name === name && other !== entry)) return undefined
      if (name === 'index' && !entry.usesClass) throw new Error(`${entry.name} uses the class: say so in scripts/entries.mjs`)
      return external(`${name === 'index' ? home : name}.${extension}`)
    })
  },
})

/** Bundlers are told here to leave the import of the fallback alone: the minifiers drop comments. */
const ignoredByBundlers = (code) =>
  code.replace('import(new URL("./fallback.js"', 'import(/* webpackIgnore: true *//* turbopackIgnore: true *//* @vite-ignore */new URL("./fallback.js"')

/**
 * Sources are named as if the package contained them, so that a stack trace reads `eventsource-wasm/src/…`. Generated
 * ones, the module in hexadecimal and the core as JavaScript, have no content there: nobody reads them.
 */
const sourceMap = (text, file) => {
  const map = JSON.parse(text)
  const up = relative(dirname(file), join(packageFolder, 'src'))
  map.sources.forEach((source, index) => {
    const path = join(dirname(file), source)
    const isGenerated = !path.startsWith(sources)
    map.sources[index] = join(up, isGenerated ? `generated/${basename(path).replace(/^.*#/, '')}` : relative(sources, path))
    if (isGenerated) map.sourcesContent[index] = ''
  })
  return JSON.stringify(map)
}

/** Esbuild bundles and minifies; what it gives, terser makes 5 % smaller still. */
const write = async ({ path, entry, plugins, format, extension }) => {
  const esbuild = await import('esbuild')
  const { minify } = await import('terser')
  const file = join(dist, `${path}.${extension}`)
  const { outputFiles } = await esbuild.build({
    ...format.build,
    supported: { 'dynamic-import': extension === 'js' || entry.splits === true },
    entryPoints: [join(sources, `${entry.source ?? entry.name}.ts`)],
    outfile: file,
    write: false,
    bundle: true,
    platform: 'neutral',
    packages: 'external',
    minifyIdentifiers: true,
    minifySyntax: true,
    // Minifying white space would drop the annotations that bundlers need for tree shaking.
    minifyWhitespace: false,
    sourcemap: 'external',
    plugins,
  })
  const [map, script] = outputFiles.map(({ text }) => text)
  const { code, map: minifiedMap } = await minify(script, {
    // A copy: terser modifies it, and would then treat the script as a module.
    ...structuredClone(format.minify),
    format: { preamble: [entry.banner, format.directive].filter(Boolean).join('\n') || undefined, preserve_annotations: true },
    sourceMap: { content: map, includeSources: true, url: `${basename(file)}.map` },
  })
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, ignoredByBundlers(code))
  writeFileSync(`${file}.map`, sourceMap(minifiedMap, file))
}

/** `built`: the module, and the core as JavaScript. */
export const bundle = async (built) => {
  for (const file of files) {
    for (const extension of file.formats) {
      const format = formats[extension]
      await write({ ...file, format, extension, plugins: [generated(format, built), betweenFiles(file, extension)] })
    }
  }
  const [index] = files.filter(({ path }) => path === 'index')
  await write({ ...index, path: 'classic', format: formats.script, extension: 'js', plugins: [generated(formats.script, built)] })
}
