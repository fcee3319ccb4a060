import { renderToString } from 'react-dom/server'
import { Probe } from './probe.js'
import { Application } from './react-component.jsx'

export async function render(settings) {
  return renderToString(<Application probe={new Probe(settings)} />)
}
