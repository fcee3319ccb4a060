/** Test runners: what a user's own tests hear. */

import { consumer } from './matrix.mjs'
import { complete, StreamServer } from './stream-server.mjs'

/** Runs tests that find a server of streams in their environment. */
async function runTests(of, command, ...args) {
  const streams = await StreamServer.start()
  try {
    await of.run(command, args, { env: { SERVER: streams.origin, EXPECTED: complete } })
  } finally {
    await streams.close()
  }
}

consumer('Jest', { folder: 'jest', tool: 'jest', core: true }, (test) => {
  test('import by Babel, environment node', (jest) => runTests(jest, 'jest', 'node.test.js'))
  test('`require`, environment jest-fixed-jsdom', (jest) => runTests(jest, 'jest', 'require.test.js'))
  test('React hook, environment jest-fixed-jsdom', (jest) => runTests(jest, 'jest', 'hook.test.js'))
  test('environment jsdom: import, and an error that names `fetch`', (jest) => runTests(jest, 'jest', 'jsdom.test.js'))
})

consumer('Vitest', { folder: 'vitest', tool: 'vitest', core: true }, (test) => {
  for (const [environment, files] of Object.entries({ node: ['class'], jsdom: ['class', 'hook'], 'happy-dom': ['class', 'hook'] })) {
    for (const file of files) {
      test(`${file === 'class' ? 'class' : 'React hook'}, environment ${environment}`, (vitest) => (
        runTests(vitest, 'vitest', 'run', '--environment', environment, `${file}.test.js`)
      ))
    }
  }
})
