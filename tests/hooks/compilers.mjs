import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { installed } from '../../scripts/installed.mjs'

/** Installs what the compilers need. */
const tools = async () => {
  const directory = await installed('tests/hooks', 'hooks')
  const require = createRequire(join(directory, 'package.json'))
  return { directory, require }
}

/** Has these packages come from where the tools are, so that a page has one copy of each. */
const from = (directory, filter) => ({
  name: 'installed-packages',
  setup(build) {
    build.onResolve({ filter }, ({ path, kind, pluginData }) => {
      if (pluginData === directory) return undefined
      return build.resolve(path, { kind, resolveDir: directory, pluginData: directory })
    })
  },
})

const compiled = (name, filter, compile) => ({
  name,
  setup(build) {
    build.onLoad({ filter }, async ({ path }) => ({ contents: await compile(await readFile(path, 'utf8'), path), loader: 'js' }))
  },
})

/** JSX by Babel. */
const babel = async (presets, plugins = () => []) => {
  const { require } = await tools()
  const { transformAsync } = require('@babel/core')
  const resolved = (list) => list.map(([name, options]) => [require.resolve(name), options])
  return compiled('babel', /tests\/hooks\/pages\/.*\.jsx$/, async (source, filename) => {
    const options = { filename, babelrc: false, configFile: false, presets: resolved(presets), plugins: resolved(plugins(filename)) }
    return (await transformAsync(source, options)).code
  })
}

/** By the name of a framework: the plugins that build its pages, for the browser or for its server. */
export const compilers = {
  reactCompiler: async () => [await babel([['@babel/preset-react', { runtime: 'automatic' }]], (filename) => [
    // The component that uses the hooks has to be compiled. What else is on the page stays as it is if it cannot be.
    ['babel-plugin-react-compiler', { panicThreshold: filename.endsWith('react-component.jsx') ? 'all_errors' : 'none' }],
  ])],
  svelte: async (isServer) => {
    const { directory, require } = await tools()
    const { compile, compileModule } = require('svelte/compiler')
    const generate = isServer ? 'server' : 'client'
    return [
      from(directory, /^svelte(\/|$)/),
      compiled('svelte', /\.svelte$/, (source, filename) => compile(source, { filename, generate }).js.code),
      compiled('svelte-module', /\.svelte\.js$/, (source, filename) => compileModule(source, { filename, generate }).js.code),
    ]
  },
  solid: async (isServer) => {
    const { directory } = await tools()
    const options = { generate: isServer ? 'ssr' : 'dom', hydratable: isServer }
    return [from(directory, /^solid-js(\/|$)/), await babel([['babel-preset-solid', options]])]
  },
  angular: async () => [from((await tools()).directory, /^(@angular|rxjs)(\/|$)/)],
}
