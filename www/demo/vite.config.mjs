import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

/** Relative, so that the files work in any folder of a host. */
const base = './'

/** Parts of Vue that this site has no use for, see its build flags. */
const define = {
  __VUE_OPTIONS_API__: 'false',
  __VUE_PROD_DEVTOOLS__: 'false',
  __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
}

const input = ['index.html', 'tabs.html'].map(file => fileURLToPath(new URL(file, import.meta.url)))

/** The documentation has to know the path that it is served at, and a host of files may have any. */
const withoutDocumentation = {
  name: 'without-documentation',
  transformIndexHtml: html => html.replace(/^.*href="\.\/docs\/".*\n/m, ''),
}

/** `site` is for the server, `static` for a host of files: it also needs the `worker`. */
const modes = {
  site: { base, define, build: { outDir: 'dist/site', rolldownOptions: { input } } },
  static: { base, define, plugins: [withoutDocumentation], build: { outDir: 'dist/static', rolldownOptions: { input } } },
  worker: {
    base,
    build: {
      outDir: 'dist/static',
      emptyOutDir: false,
      copyPublicDir: false,
      lib: { entry: 'worker/browser-server.mjs', formats: ['iife'], name: 'worker', fileName: () => 'browser-server.js' },
    },
  },
}

/** Silences two warnings: "use client" means nothing to a page, and plugin timings do not matter here. */
const SILENT = ['MODULE_LEVEL_DIRECTIVE', 'PLUGIN_TIMINGS']

function onLog(level, log, handle) {
  if (!SILENT.includes(log.code)) handle(level, log)
}

export default defineConfig(({ mode }) => {
  const { build, ...rest } = modes[mode]
  return { ...rest, logLevel: 'warn', build: { ...build, rolldownOptions: { ...build.rolldownOptions, onLog } } }
})
