import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { options, programs } from '../../scripts/chromium.mjs'
import '../../scripts/tools.mjs'

/** What WebDriver needs to know of each engine: its driver, its capabilities and whether it wants a display. */
const engines = {
  chromium: {
    driver: 'chromedriver',
    capabilities: () => ({
      browserName: 'chrome',
      'goog:chromeOptions': {
        binary: executable(...programs),
        args: [
          ...options,
          // For the memory tests.
          '--enable-precise-memory-info',
          '--js-flags=--expose-gc',
        ],
      },
    }),
  },
  firefox: {
    driver: 'geckodriver',
    capabilities: () => ({
      browserName: 'firefox',
      'moz:firefoxOptions': { binary: executable('firefox', 'firefox-esr'), args: ['-headless'] },
    }),
  },
  webkit: {
    driver: 'WebKitWebDriver',
    needsDisplay: true,
    capabilities: () => ({
      browserName: 'MiniBrowser',
      'webkitgtk:browserOptions': { binary: miniBrowser(), args: ['--automation'] },
    }),
  },
}

/** The engines that this run drives: `ENGINES=chromium,firefox,webkit`, by default Chromium alone. */
export const selected = (process.env.ENGINES ?? 'chromium').split(',')

export function engine(name) {
  const { driver, needsDisplay = false, capabilities } = engines[name] ?? unknown(name)
  return { name, driver: executable(driver), needsDisplay, capabilities: capabilities() }
}

function unknown(name) {
  throw new Error(`ENGINES names "${name}"; known are ${Object.keys(engines).join(', ')}`)
}

/** The first of the programs that is on PATH, or among the tools that this project has built. */
function executable(...names) {
  const folders = process.env.PATH.split(delimiter)
  return firstOf(names.flatMap((name) => folders.map((folder) => join(folder, name))), names[0])
}

/** WebKitGTK's test browser ships inside its library folder, never on PATH. */
function miniBrowser() {
  const folders = ['x86_64-linux-gnu', 'aarch64-linux-gnu', '.'].map((triple) => join('/usr/lib', triple))
  return firstOf(folders.map((folder) => join(folder, 'webkit2gtk-4.1/MiniBrowser')), 'MiniBrowser')
}

function firstOf(paths, name) {
  const found = paths.find((path) => existsSync(path))
  if (!found) throw new Error(`${name} is not installed`)
  return found
}
