/** A chain of causes that is longer has an end that nobody reads, or none. */
export const MAX_CAUSES = 8

/**
 * What was thrown, in one line: the messages of its chain of causes, the innermost last. What a URL in them may hold
 * that is nobody's business, its user, password and query, is left out.
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
    // An engine may begin a sentence and have nothing to say.
    return [own.replace(/:$/, ' gave no reason'), ...inner].filter((message) => message !== '')
  } catch {
    return []
  }
}
