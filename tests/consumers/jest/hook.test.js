/** @jest-environment jest-fixed-jsdom */

import { createElement } from 'react'
import { render, screen, waitFor } from '@testing-library/react'
import { openConnections, useEventSource } from 'eventsource-wasm/react'

const append = (text, { data }) => `${text}${data} `

function Events() {
  const { data } = useEventSource(`${process.env.SERVER}/events`, { reducer: append, initialState: '' })
  return createElement('output', null, data)
}

test('a component shows all events', async () => {
  const { unmount } = render(createElement(Events))
  expect((await screen.findByText(/ 12/, {}, { timeout: 10_000 })).textContent).toBe('1 2 3 4 5 6 7 8 9 10 11 12 ')
  unmount()
  // Connections outlive their components by some milliseconds, and Jest ends with the last of them.
  await waitFor(() => expect(openConnections()).toEqual([]))
}, 20_000)
