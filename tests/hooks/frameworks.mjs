import { createRequire } from 'node:module'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { compilers } from './compilers.mjs'

const pages = fileURLToPath(new URL('pages/', import.meta.url))

/** The versions that the hooks are tested with: where their packages are and what the page and the server are made of. */
const frameworks = {
  'React 18': { page: 'react.jsx', server: 'react-server.jsx', packages: ['react', 'react-dom'], from: new URL('react-18/package.json', import.meta.url) },
  'React 19': { page: 'react.jsx', server: 'react-server.jsx', packages: ['react', 'react-dom'], from: import.meta.url },
  'React Compiler': { page: 'react.jsx', server: 'react-server.jsx', packages: ['react', 'react-dom'], from: import.meta.url, compiler: compilers.reactCompiler },
  'Vue 3.5': { page: 'vue.js', server: 'vue-server.js', packages: [], from: import.meta.url },
  'Svelte 5': { page: 'svelte.js', server: 'svelte-server.js', compiler: compilers.svelte },
  'Solid 1': { page: 'solid.jsx', server: 'solid-server.jsx', compiler: compilers.solid },
  'Angular 22': { page: 'angular.js', compiler: compilers.angular },
}

export const names = Object.keys(frameworks)

/** Bundles the page and the server of a framework, with the built package in them, as an application would. */
export async function bundle(name) {
  const { page, server, packages = [], from = import.meta.url, compiler = () => [] } = frameworks[name]
  const require = createRequire(from)
  const directory = await mkdtemp(join(tmpdir(), 'eventsource-wasm-hooks-'))
  const options = {
    bundle: true,
    alias: Object.fromEntries(packages.map((name) => [name, dirname(require.resolve(`${name}/package.json`))])),
    jsx: 'automatic',
    define: {
      'process.env.NODE_ENV': '"development"',
      __VUE_OPTIONS_API__: 'true',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'true',
    },
    logOverride: { 'module-level-directive': 'silent' },
  }
  const files = { page: join(directory, 'page.js'), server: join(directory, 'server.cjs') }
  await build({ ...options, plugins: await compiler(false), entryPoints: [join(pages, page)], outfile: files.page, format: 'esm' })
  if (server !== undefined) {
    const plugins = await compiler(true)
    await build({ ...options, plugins, entryPoints: [join(pages, server)], outfile: files.server, format: 'cjs', platform: 'node' })
  }
  return {
    directory,
    /** Renders the component of the settings as a server does. */
    render: server && require(files.server).render,
    remove: () => rm(directory, { recursive: true }),
  }
}
