/**
 * The page that tests run in: collects uncaught errors, and evaluates what `Browser.evaluate` sends. Its cookie goes
 * to every port of the host, so also to the server of another origin if a request has credentials.
 */
export function pageHtml(imports) {
  return `<!doctype html>
<meta charset="utf-8">
<title>eventsource-wasm e2e</title>
<link rel="icon" href="data:,">
<script type="importmap">${JSON.stringify({ imports })}</script>
<script>
  document.cookie = 'crumb=1'
  globalThis.uncaught = []
  // Chromium alone says that it is uncaught.
  addEventListener('error', (event) => uncaught.push(event.message.replace(/^Uncaught /, '')))
  addEventListener('unhandledrejection', (event) => uncaught.push(String(event.reason)))
  globalThis.run = (source, args) => (0, eval)('(' + source + ')')(...args)
</script>
`
}
