import type { GraphQLRequest, OperationKind } from './types.js'

/** [spec] GraphQL 2.1: strings and comments, which may hold anything; names; and what nests. */
const TOKENS = /"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\\n\r])*"|#.*|[{}()[\]]|\w+/g

/**
 * What kind of operation a request is for. Of several operations in a document the one with the name counts; of several
 * without a name the first does.
 */
export function operationKind({ query, operationName, operationKind }: GraphQLRequest): OperationKind {
  if (operationKind !== undefined) return operationKind
  if (!query) return 'mutation'
  let depth = 0
  let keyword: string | undefined
  let found: OperationKind | undefined
  let isNamed = false
  for (const [token] of query.matchAll(TOKENS)) {
    if (/^["#]/.test(token)) continue
    if (depth === 0 && /^\w/.test(token)) {
      if (keyword === undefined) {
        keyword = token
        isNamed = false
      } else if (!isNamed) {
        isNamed = true
        if (keyword !== 'fragment' && token === operationName) return keyword as OperationKind
      }
      if (keyword !== 'fragment') found ??= keyword as OperationKind
    }
    if (/[{([]/.test(token)) depth += 1
    if (/[})\]]/.test(token)) depth -= 1
    if (token === '}' && depth === 0) keyword = undefined
  }
  return found ?? 'query'
}
