import { createSSRApp, h } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { Probe } from './probe.js'
import { Probed } from './vue-component.js'

export async function render(settings) {
  const probe = new Probe(settings)
  const app = createSSRApp({ render: () => h(Probed, { probe, settings: { url: probe.url, version: 1 } }) })
  // What goes wrong is thrown as well.
  app.config.warnHandler = () => {}
  return renderToString(app)
}
