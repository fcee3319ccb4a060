const port = chrome.runtime.connect()
port.onMessage.addListener((text) => {
  document.querySelector('output').textContent = text
})
port.postMessage(new URLSearchParams(location.search).get('server'))
