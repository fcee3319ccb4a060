/** Frameworks that render on servers, too. */

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { consumer, visitBuilt, visitPage } from './matrix.mjs'
import { hearsAll } from './stream-server.mjs'

/** Starts a server of a framework, and visits its pages. `work` gets its origin besides. */
async function served(of, command, argumentsFor, options, pages, work = () => {}) {
  const server = await of.serve(command, argumentsFor, options)
  try {
    for (const page of pages) await visitPage(server.origin + page)
    await work(server.origin)
  } finally {
    await server.stop()
  }
}

for (const bundler of ['turbopack', 'webpack']) {
  consumer(`Next with ${bundler}`, { folder: 'next', tool: 'next', core: bundler === 'turbopack' }, (test) => {
    const pages = ['/hook', '/class', '/slim']
    const onServer = async (origin) => {
      const text = async (path) => (await fetch(origin + path)).text()
      assert.match(await text('/hook'), /<p>idle<\/p>/)
      await hearsAll(async (server) => /<output>(.*?)<\/output>/.exec(await text(`/server?server=${server}`))[1])
    }
    test('dev: hook, class, /slim, server component', (next) => (
      served(next, 'next', (port) => ['dev', `--${bundler}`, '--port', port], { path: '/hook' }, pages, onServer)
    ))
    test('build: hook, class, /slim, server component', async (next) => {
      const output = await next.run('next', ['build', `--${bundler}`])
      assert.doesNotMatch(output.replaceAll('⚠ No build cache', ''), /warn|⚠/i)
      await served(next, 'next', (port) => ['start', '--port', port], {}, pages, onServer)
    })
  })
}

consumer('Nuxt', { folder: 'nuxt', tool: 'nuxt' }, (test) => {
  const rendersIdle = async (origin) => assert.match(await (await fetch(origin)).text(), /<p>idle<\/p>/)
  test('dev: composable', (nuxt) => served(nuxt, 'nuxt', (port) => ['dev', '--port', port], {}, ['/'], rendersIdle))
  test('build: composable', async (nuxt) => {
    await nuxt.run('nuxt', ['build'])
    await served(nuxt, 'node', () => ['.output/server/index.mjs'], { env: (port) => ({ PORT: port }) }, ['/'], rendersIdle)
  })
})

consumer('SvelteKit', { folder: 'sveltekit', tool: '@sveltejs/kit' }, (test) => {
  test('dev: class', (kit) => served(kit, 'vite', (port) => ['dev', '--port', port, '--strictPort'], {}, ['/']))
  test('build: class', async (kit) => {
    await kit.run('vite', ['build'])
    await served(kit, 'node', () => ['build/index.js'], { env: (port) => ({ PORT: port }) }, ['/'])
  })
})

consumer('Solid', { folder: 'solid', tool: 'solid-js' }, (test) => {
  test('dev: class', (solid) => served(solid, 'vite', (port) => ['--port', port, '--strictPort'], {}, ['/']))
  test('build: class', async (solid) => {
    await solid.run('vite', ['build'])
    await served(solid, 'vite', (port) => ['preview', '--port', port, '--strictPort'], {}, ['/'])
  })
})

consumer('Angular', { folder: 'angular', tool: '@angular/core' }, (test) => {
  for (const [name, project] of Object.entries({ 'zone.js': 'zone', zoneless: 'zoneless' })) {
    test(`dev, ${name}: class`, (angular) => (
      served(angular, 'ng', (port) => ['serve', project, '--port', port, '--no-hmr', '--live-reload=false'], {}, ['/'])
    ))
    test(`build, ${name}: class`, async (angular) => {
      await angular.run('ng', ['build', project])
      await visitBuilt(join(angular.directory, 'dist', project, 'browser'), 'index')
    })
  }
})

consumer('Astro', { folder: 'astro', tool: 'astro' }, (test) => {
  test('dev: class', (astro) => served(astro, 'astro', (port) => ['dev', '--port', port], {}, ['/']))
  test('build: class', async (astro) => {
    await astro.run('astro', ['build'])
    await visitBuilt(join(astro.directory, 'dist'), 'index')
  })
})

consumer('React Router', { folder: 'react-router', tool: '@react-router/dev' }, (test) => {
  const rendersIdle = async (origin) => assert.match(await (await fetch(origin)).text(), /<p>idle<\/p>/)
  test('dev: hook', (router) => served(router, 'react-router', (port) => ['dev', '--port', port], {}, ['/'], rendersIdle))
  test('build: hook', async (router) => {
    await router.run('react-router', ['build'])
    const options = { env: (port) => ({ PORT: port }) }
    await served(router, 'react-router-serve', () => ['build/server/index.js'], options, ['/'], rendersIdle)
  })
})
