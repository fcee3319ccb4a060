/** Bundlers: the class, `/slim` and the hooks in what they build and in what their development servers serve. */

import assert from 'node:assert/strict'
import { cp, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { consumer, visitBuilt, visitPage } from './matrix.mjs'
import { hearsAll } from './stream-server.mjs'

const withoutWarnings = (output) => assert.doesNotMatch(output, /warn/i)

/** Starts a development server and visits its pages. */
async function visitServed(of, command, argumentsFor, ...pages) {
  const server = await of.serve(command, argumentsFor)
  try {
    for (const page of pages) await visitPage(`${server.origin}/${page}.html`)
  } finally {
    await server.stop()
  }
}

/** Bundlers that handle only scripts get ready-made pages. */
async function built(of, output) {
  const directory = join(of.directory, output)
  await cp(join(of.directory, 'pages'), directory, { recursive: true })
  return directory
}

consumer('Vite', { folder: 'bundlers', tool: 'vite', core: true }, (test) => {
  test('dev: class, /slim, React, Vue, worker', (vite) => (
    visitServed(vite, 'vite', (port) => ['--port', port, '--strictPort'], 'class', 'slim', 'react', 'vue', 'worker')
  ))
  test('build: class, /slim, React, Vue, worker', async (vite) => {
    withoutWarnings(await vite.run('vite', ['build']))
    await visitBuilt(join(vite.directory, 'dist/vite'), 'class', 'slim', 'react', 'vue', 'worker')
  })
})

consumer('webpack', { folder: 'bundlers', tool: 'webpack', core: true }, (test) => {
  test('dev: class, /slim, React, Vue, worker', (webpack) => (
    visitServed(webpack, 'webpack', (port) => ['serve', '--mode', 'development', '--port', port], 'class', 'slim', 'react', 'vue', 'worker')
  ))
  test('build: class, /slim, React, Vue, worker', async (webpack) => {
    withoutWarnings(await webpack.run('webpack', ['build']))
    await visitBuilt(await built(webpack, 'dist/webpack'), 'class', 'slim', 'react', 'vue', 'worker')
  })
})

consumer('Rspack', { folder: 'bundlers', tool: '@rspack/core', core: true }, (test) => {
  test('build: class, /slim', async (rspack) => {
    await rspack.run('node', ['rspack.js'])
    await visitBuilt(await built(rspack, 'dist/rspack'), 'class', 'slim')
  })
})

consumer('Rollup', { folder: 'bundlers', tool: 'rollup', core: true }, (test) => {
  test('build: class', async (rollup) => {
    withoutWarnings(await rollup.run('rollup', ['--config']))
    await visitBuilt(await built(rollup, 'dist/rollup'), 'class')
  })
})

consumer('Rolldown', { folder: 'bundlers', tool: 'rolldown', core: true }, (test) => {
  test('build: class, React', async (rolldown) => {
    withoutWarnings(await rolldown.run('rolldown', ['--config', 'rolldown.config.js']))
    await visitBuilt(await built(rolldown, 'dist/rolldown'), 'class', 'react')
  })
})

consumer('esbuild', { folder: 'bundlers', tool: 'esbuild', core: true }, (test) => {
  test('build: class, /slim with --loader:.wasm=file', async (esbuild) => {
    const entries = ['src/class.js', 'slim=src/slim-by-import.js']
    withoutWarnings(await esbuild.run('esbuild', [
      ...entries, '--bundle', '--format=esm', '--minify', '--loader:.wasm=file', '--outdir=dist/esbuild',
    ]))
    await visitBuilt(await built(esbuild, 'dist/esbuild'), 'class', 'slim')
  })
  test('build: class as a classic script for es2018', async (esbuild) => {
    withoutWarnings(await esbuild.run('esbuild', [
      'src/class.js', '--bundle', '--format=iife', '--target=es2018', '--outdir=dist/esbuild-iife', '--log-override:empty-import-meta=silent',
    ]))
    await visitBuilt(await built(esbuild, 'dist/esbuild-iife'), 'class')
  })
})

consumer('Parcel', { folder: 'parcel', tool: 'parcel', core: true }, (test) => {
  test('dev: class, React', (parcel) => visitServed(parcel, 'parcel', (port) => ['serve', '*.html', '--port', port], 'class', 'react'))
  test('build: class, React', async (parcel) => {
    withoutWarnings(await parcel.run('parcel', ['build', '*.html']))
    await visitBuilt(join(parcel.directory, 'dist'), 'class', 'react')
  })
})

consumer('Rsbuild', { folder: 'more-bundlers', tool: '@rsbuild/core' }, (test) => {
  test('dev: class, /slim', (rsbuild) => visitServed(rsbuild, 'rsbuild', (port) => ['dev', '--port', port], 'class', 'slim'))
  test('build: class, /slim', async (rsbuild) => {
    withoutWarnings(await rsbuild.run('rsbuild', ['build']))
    await visitBuilt(join(rsbuild.directory, 'dist/rsbuild'), 'class', 'slim')
  })
})

consumer('tsdown', { folder: 'more-bundlers', tool: 'tsdown' }, (test) => {
  test('a library over the class: ES module, CommonJS, declarations', async (tsdown) => {
    await tsdown.run('tsdown', [])
    await hearsAll((server) => tsdown.run('node', ['uses-library.mjs', server]))
    await hearsAll((server) => tsdown.run('node', ['uses-library.cjs', server]))
  })
})

consumer('webpack', { folder: 'webpack-4', tool: 'webpack' }, (test) => {
  test('build: class, with babel-loader', async (webpack) => {
    await webpack.run('webpack', [], { env: { NODE_OPTIONS: '--openssl-legacy-provider' } })
    await visitBuilt(await built(webpack, 'dist'), 'class')
  })
})

/** Entries with side effects, without code, or for a framework that this consumer lacks. */
const hasEffect = /polyfill|\.wasm$|\.json$|svelte|solid|angular/

const unused = {
  Vite: ['vite', ['build', '--config', 'unused/vite.config.js']],
  webpack: ['webpack', ['build', '--config', 'unused/webpack.config.js']],
  Rspack: ['node', ['unused/rspack.js']],
  Rollup: ['rollup', ['unused/index.js', '--dir', 'dist/unused/rollup', '--plugin', 'node-resolve', '--external', 'react,vue']],
  Rolldown: ['rolldown', ['unused/index.js', '--dir', 'dist/unused/rolldown']],
  esbuild: ['esbuild', ['unused/index.js', '--bundle', '--format=esm', '--minify', '--outdir=dist/unused/esbuild']],
}

consumer('An unused import', { folder: 'bundlers', core: true }, (test) => {
  test('of every entry', async ({ directory }) => {
    const read = (file) => readFile(join(directory, file), 'utf8')
    const { exports } = JSON.parse(await read('node_modules/eventsource-wasm/package.json'))
    const imported = (await read('unused/index.js')).matchAll(/from '(.*)'/g)
    const missing = new Set(Object.keys(exports).filter((name) => !hasEffect.test(name)).map((name) => name.replace('.', 'eventsource-wasm')))
    for (const [, name] of imported) missing.delete(name)
    assert.deepEqual([...missing], [])
  })
  for (const [name, [command, args]] of Object.entries(unused)) {
    test(`${name}: 0 bytes`, async (of) => {
      await of.run(command, args)
      const output = join(of.directory, 'dist/unused', name.toLowerCase())
      const files = await readdir(output, { recursive: true, withFileTypes: true })
      const texts = await Promise.all(files.filter((file) => file.isFile()).map(({ parentPath, path = parentPath, name }) => (
        readFile(join(path, name), 'utf8')
      )))
      assert.match(texts.join('').replaceAll(/\/\/.*|\s/g, ''), /^(\(\(\)=>\{"usestrict";)?console\.log\("used"\)[;})(]*$/)
    })
  }
})
