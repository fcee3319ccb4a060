import { Suspense } from 'react'
import { EventSource } from 'eventsource-wasm'
import { play } from '../../play'

export default function Page({ searchParams }) {
  return <Suspense><Played searchParams={searchParams} /></Suspense>
}

async function Played({ searchParams }) {
  const { server } = await searchParams
  return <output>{await play(EventSource, server)}</output>
}
