import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Builder } from 'selenium-webdriver'
import { DriverService } from 'selenium-webdriver/remote/index.js'
import { engine } from './engines.mjs'

// A signal ends Node without running its 'exit' handlers, which stop the driver and its browser.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1))

/** How long one `evaluate` may wait in the page before it counts as hung. */
const EVALUATE_TIMEOUT_MS = 10_000

/**
 * Starts a browser of the engine; `adapt` changes its usual capabilities. Everything started is stopped again, even if a
 * later step fails.
 */
export async function openBrowser(engineName, adapt = (usual) => usual) {
  const { name, driver, needsDisplay, capabilities } = engine(engineName)
  const undo = []
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    const env = { ...process.env }
    if (needsDisplay) {
      const display = await startDisplay()
      undo.push(display.stop)
      env.DISPLAY = display.name
    }
    const service = new DriverService.Builder(driver).setLoopback(true).setEnvironment(env).build()
    const address = await service.start()
    undo.push(() => service.kill())
    const session = await new Builder().disableEnvironmentOverrides().usingServer(address)
      .withCapabilities(adapt(capabilities)).build()
    undo.push(() => session.quit())
    await session.manage().setTimeouts({ script: EVALUATE_TIMEOUT_MS })
    return new Browser(name, session, close)
  } catch (error) {
    await close()
    throw error
  }
}

class Browser {
  #session

  constructor(name, session, close) {
    this.name = name
    this.#session = session
    this.close = close
  }

  /** WebDriver's own view, for pages that are not of this harness. */
  get session() {
    return this.#session
  }

  /** Loads a page afresh. */
  async goto(url) {
    await this.#session.get(url)
  }

  async back() {
    await this.#session.navigate().back()
  }

  /**
   * Calls the function in the page and returns what it resolves to. It is sent as source text: it sees the page's
   * globals and its arguments (anything JSON can carry), nothing of the test file. Its exceptions are rethrown here.
   */
  async evaluate(script, ...args) {
    const answer = await this.#session.executeAsyncScript(evaluateInPage, String(script), args).catch((error) => {
      throw new Error(`the page did not answer: ${error.message}`)
    })
    if ('thrown' in answer) throw pageError(answer.thrown)
    return answer.value
  }

  /** The uncaught exceptions and unhandled rejections of the page since the last call. */
  async takeUncaught() {
    return this.evaluate(() => globalThis.uncaught.splice(0))
  }
}

/**
 * Runs in the page, with WebDriver's callback as last argument. The page's own `run` evaluates the source, because
 * engines differ in which realm and which import map an injected script sees.
 */
function evaluateInPage(source, args, done) {
  const thrown = (error) => ({ name: error?.name, message: error?.message ?? String(error), stack: error?.stack })
  Promise.resolve()
    .then(() => globalThis.run(source, args))
    .then((value) => done({ value }), (error) => done({ thrown: thrown(error) }))
}

function pageError({ name, message, stack }) {
  const error = new Error(`in the page: ${message}`)
  error.name = name ?? 'Error'
  error.stack += `\n  page stack:\n${stack}`
  return error
}

/** An X server of its own, on the first free display number. */
async function startDisplay() {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1024x768x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  process.once('exit', () => server.kill())
  const [number] = await Promise.race([
    once(server.stdio[3], 'data'),
    once(server, 'exit').then(() => { throw new Error('Xvfb did not start') }),
  ])
  const stop = async () => {
    server.kill()
    await once(server, 'exit')
  }
  return { name: `:${String(number).trim()}`, stop }
}
