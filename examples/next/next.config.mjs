import { fileURLToPath } from 'node:url'

/** The folder of the application, or Next takes that of the nearest lockfile. */
export default { turbopack: { root: fileURLToPath(new URL('.', import.meta.url)) } }
