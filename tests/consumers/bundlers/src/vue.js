import { createApp, h, watch } from 'vue'
import { useEventSource, useEventStream } from 'eventsource-wasm/vue'

const server = new URLSearchParams(location.search).get('server')
const append = (text, { data }) => `${text}${data} `

const App = {
  setup() {
    const { data, lastEventId } = useEventSource(`${server}/events`, { reducer: append, initialState: '' })
    const echo = useEventStream(`${server}/echo`, { reducer: append, initialState: '', complete: ({ type }) => type === 'end' })
    watch(lastEventId, (id) => id === '12' && echo.send('hello'))
    return () => h('output', `${data.value}${echo.data.value}`.trim())
  },
}

document.querySelector('output').remove()
createApp(App).mount('#app')
