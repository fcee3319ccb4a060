/** What the server's switchboard can do to the streams of a client. */
export type Fault = 'drop' | 'cut' | 'refuse' | 'end'

export function isFault(name: string): name is Fault {
  return ['drop', 'cut', 'refuse', 'end'].includes(name)
}

/** Asks the server for a fault. Refusing a request shows only when there is one, so the connection is dropped as well. */
export async function requestFault(client: string, fault: Fault): Promise<void> {
  await post(client, fault)
  if (fault === 'refuse') await post(client, 'drop')
}

async function post(client: string, fault: Fault): Promise<void> {
  await fetch(`/faults?client=${client}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ fault }),
  })
}
