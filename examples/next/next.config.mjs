import { fileURLToPath } from 'node:url'

export default {
  cacheComponents: true,
  partialPrefetching: true,
  // The application's folder; otherwise Next uses that of the nearest lockfile.
  turbopack: { root: fileURLToPath(new URL('.', import.meta.url)) },
}
