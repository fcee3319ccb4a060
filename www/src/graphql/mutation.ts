import type { GraphQLRequest } from './types.js'

/** [spec] GraphQL 2.1: strings and comments may contain anything. */
const OPAQUE = /"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\\n\r])*"|#[^\n\r]*/g
const INNERMOST = /([{(])[^{}()]*[})]/g

/**
 * Whether a request must not be repeated. In a document with several operations, the named one counts, or else the first.
 * A request without document and `operationKind` may be anything.
 */
export function isMutation({ query, operationName, operationKind }: GraphQLRequest): boolean {
  if (operationKind !== undefined || !query) return (operationKind ?? 'mutation') === 'mutation'
  let text = query.replace(OPAQUE, ' ')
  // A definition ends with its braces. Other bracketed text is irrelevant.
  for (let before; before !== text;) {
    before = text
    text = text.replace(INNERMOST, (_, bracket) => (bracket === '{' ? ';' : ' '))
  }
  const definitions = text.split(';').map((definition) => /(\w+)\W*(\w*)/.exec(definition) ?? [])
  const operations = definitions.filter(([, keyword]) => keyword !== undefined && keyword !== 'fragment')
  const [, keyword] = operations.find(([, , name]) => name === operationName) ?? operations[0] ?? []
  return keyword === 'mutation'
}
