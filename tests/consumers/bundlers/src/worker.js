const worker = new Worker(new URL('./in-worker.js', import.meta.url), { type: 'module' })
worker.onmessage = ({ data: text }) => {
  document.querySelector('output').textContent = text
}
worker.postMessage(new URLSearchParams(location.search).get('server'))
