import { createSignal, onMount } from 'solid-js'
import { render } from 'solid-js/web'
import { EventSource } from 'eventsource-wasm'
import { play } from '../play.js'

function App() {
  const [heard, setHeard] = createSignal('')
  onMount(() => play(EventSource, new URLSearchParams(location.search).get('server'), setHeard))
  return <output>{heard()}</output>
}

render(() => <App />, document.getElementById('app'))
