/** A longer chain of causes may be endless, and nobody would read its end. */
export const MAX_CAUSES = 8

/**
 * The thrown value in one line: the messages of its chain of causes, innermost last. User, password and query of URLs in
 * them are removed, as they may be private.
 */
export function reasonOf(thrown: unknown): string {
  return messages(thrown, MAX_CAUSES)
    .map((message) => message.replace(/\s+/g, ' ').replace(/\/\/[^\s/?#]*@/g, '//').replace(/([?&])\S+/g, '$1…'))
    .filter((message, index, all) => !all.slice(0, index).some((earlier) => earlier.includes(message)))
    .join(': ')
}

function messages(thrown: unknown, depth: number): string[] {
  if (depth === 0 || thrown === undefined || thrown === null) return []
  try {
    if (typeof thrown !== 'object') return [String(thrown)]
    const { message, code, name, cause, errors } = thrown as Record<string, unknown>
    const own = String(message || code || name || '').trim()
    const inner = Array.isArray(errors) ? [errors.map((error) => messages(error, depth - 1).join(': ')).join(', ')] : messages(cause, depth - 1)
    // An engine's message may end after its colon.
    return [own.replace(/:$/, ' gave no reason'), ...inner].filter((message) => message !== '')
  } catch {
    return []
  }
}
