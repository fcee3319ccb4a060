import { fileURLToPath } from 'node:url'

/** The application's folder; otherwise Next uses that of the nearest lockfile. */
export default { turbopack: { root: fileURLToPath(new URL('.', import.meta.url)) } }
