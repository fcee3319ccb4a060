/** What each button asks the server's switchboard for. A refusal needs a request to show, so that one drops the stream too. */
const ORDERS = {
  drop: [{ fault: 'drop' }],
  cut: [{ fault: 'cut' }],
  refuse: [{ fault: 'refuse' }, { fault: 'drop' }],
  end: [{ fault: 'end' }],
  stall: [{ fault: 'stall' }],
  busy: [{ fault: 'refuse', status: 429, retryAfterSeconds: 4 }, { fault: 'drop' }],
}

export type Fault = keyof typeof ORDERS

export function isFault(name: string): name is Fault {
  return Object.hasOwn(ORDERS, name)
}

/** Asks the server for a fault of the streams of a client. */
export async function requestFault(client: string, fault: Fault): Promise<void> {
  for (const order of ORDERS[fault]) {
    await fetch(`faults?client=${client}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(order),
    })
  }
}
