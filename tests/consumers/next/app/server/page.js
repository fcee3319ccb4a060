import { EventSource } from 'eventsource-wasm'
import { play } from '../../play'

export const dynamic = 'force-dynamic'

export default async function Page({ searchParams }) {
  const { server } = await searchParams
  return <output>{await play(EventSource, server)}</output>
}
