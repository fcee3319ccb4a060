import type { TraceEntry } from '../types.js'
import { redacted } from './redacted.js'

export interface ConsoleTraceOptions {
  /** Prefix of every line. Default `"EventSource"`. */
  name?: string
  /** Where the lines go. Default `globalThis.console`. */
  console?: Pick<Console, 'debug' | 'info' | 'warn' | 'error'>
}

/** What has been told of a source that is not closed. */
interface Account {
  readonly begin: number
  /** When the last request was made. */
  requested: number
  messages: number
  bytes: number
}

/**
 * For the option `trace`: writes a line for every entry. Chunks go to `console.debug`, which browsers hide by default;
 * errors go to `console.warn` if the source reconnects, else to `console.error`. URLs are logged without user and query.
 *
 * @example
 * new EventSource('/feed', { trace: consoleTrace({ name: 'feed' }) })
 */
export function consoleTrace({ name = 'EventSource', console = globalThis.console }: ConsoleTraceOptions = {}): (entry: TraceEntry) => void {
  const accounts = new Map<number, Account>()
  return (entry) => {
    const { source, time } = entry
    const account = accounts.get(source) ?? { begin: time, requested: time, messages: 0, bytes: 0 }
    accounts.set(source, account)
    const write = (level: keyof typeof console, text: string): void => console[level](`[${name} ${source}] ${text}`)
    switch (entry.type) {
      case 'request': {
        account.requested = time
        const { method, url, attempt, reason, lastEventId } = entry
        const after = lastEventId && `, after event ${lastEventId}`
        return write('info', `${method} ${redacted(url)} (attempt ${attempt}, ${reason}${after})`)
      }
      case 'response': return write('info', `status ${entry.status} after ${span(account.requested, time)}`)
      case 'open': return write('info', `open after ${span(account.requested, time)}`)
      case 'batch':
        account.messages += entry.messages
        account.bytes += entry.bytes
        return write('debug', traffic(entry))
      case 'delivered': return undefined
      case 'decision': return write(entry.willReconnect ? 'warn' : 'error', `${entry.kind}: ${entry.message}`)
      case 'close':
        accounts.delete(source)
        return write('info', `closed (${entry.why}): ${traffic(account)} in ${span(account.begin, time)}`)
    }
  }
}

function traffic({ messages, bytes }: { readonly messages: number, readonly bytes: number }): string {
  return `${messages} ${messages === 1 ? 'message' : 'messages'}, ${bytes} bytes`
}

function span(from: number, to: number): string {
  return `${Math.round(to - from)} ms`
}
