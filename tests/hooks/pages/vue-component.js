import { defineComponent, h, onMounted, onUpdated, unref } from 'vue'
import { useEventSource, useEventStream } from 'eventsource-wasm/vue'

const hooks = { useEventSource, useEventStream }

/** Uses the composable of its probe, shows the data and reports every commit. `settings` is reactive. */
export const Probed = defineComponent({
  props: ['probe', 'settings'],
  setup({ probe, settings }) {
    const refs = hooks[probe.hook](() => settings.url, () => ({ ...settings.version && undefined, ...probe.options?.() }))
    const read = () => Object.fromEntries(Object.entries(refs).map(([name, value]) => [name, unref(value)]))
    onMounted(() => probe.committed(read()))
    onUpdated(() => probe.committed(read()))
    return () => {
      const { status, data } = read()
      return h('output', `${status}: ${JSON.stringify(data)}`)
    }
  },
})
