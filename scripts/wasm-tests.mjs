// Runs the Rust tests that need a browser; those of the Rust API get the server that they talk to.
import { start } from '../tests/web/server.mjs'
import { run } from './run.mjs'

const server = await start()
const { code } = await run('wasm-pack', ['test', '--headless', '--chrome', '--firefox', '.', '--features', 'serde', '--test', 'rust', '--test', 'web'], {
  env: {
    // The tests have it compiled in: there is no other way into the page.
    EVENT_SERVER: server.origin,
    // Without it, a file that does not ask for a browser itself is skipped without a failure.
    WASM_BINDGEN_USE_BROWSER: '1',
    // Seconds. A busy machine needs more than the default of 20 and 5.
    WASM_BINDGEN_TEST_TIMEOUT: '300',
    WASM_BINDGEN_TEST_DRIVER_TIMEOUT: '60',
  },
})
server.close()
process.exitCode = code
