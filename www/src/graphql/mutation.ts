import type { GraphQLRequest } from './types.js'

/** [spec] GraphQL 2.1: strings and comments may hold anything. */
const OPAQUE = /"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\\n\r])*"|#.*/g
const INNERMOST = /([{(])[^{}()]*[})]/g

/**
 * Whether a request must not be made twice. Of several operations in a document the one with the name counts, or else the
 * first. What has no document, and does not say what it is, may be anything.
 */
export function isMutation({ query, operationName, operationKind }: GraphQLRequest): boolean {
  if (operationKind !== undefined || !query) return (operationKind ?? 'mutation') === 'mutation'
  let text = query.replace(OPAQUE, ' ')
  // A definition ends with its braces. What else is in brackets says nothing.
  for (let before; before !== text;) {
    before = text
    text = text.replace(INNERMOST, (_, bracket) => (bracket === '{' ? ';' : ' '))
  }
  const definitions = text.split(';').map((definition) => /(\w+)\W*(\w*)/.exec(definition) ?? [])
  const operations = definitions.filter(([, keyword]) => keyword !== undefined && keyword !== 'fragment')
  const [, keyword] = operations.find(([, , name]) => name === operationName) ?? operations[0] ?? []
  return keyword === 'mutation'
}
