import { createElement } from 'react'
import { render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { useEventSource } from 'eventsource-wasm/react'

const append = (text, { data }) => `${text}${data} `

function Events() {
  const { data } = useEventSource(`${process.env.SERVER}/events`, { reducer: append, initialState: '' })
  return createElement('output', null, data)
}

test('a component shows all events', async () => {
  render(createElement(Events))
  expect((await screen.findByText(/ 12/, {}, { timeout: 10_000 })).textContent).toBe('1 2 3 4 5 6 7 8 9 10 11 12 ')
}, 20_000)
