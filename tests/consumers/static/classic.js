const { EventSource: EventSourceOfPackage } = EventSourceWasm

import('./play.js').then(({ playInPage }) => playInPage(EventSourceOfPackage))
