import { Clock } from './clock'

export default function Page() {
  return <main><h1>Clock of the server</h1><Clock /></main>
}
