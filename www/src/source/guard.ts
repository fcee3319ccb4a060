/**
 * Gives what makes a call into Rust safe for the page: a trap there, or a bug that throws, is told to `trapped`, once,
 * and nothing is called any more. What Rust knows of that source may be half changed.
 */
export function guard(trapped: (cause: unknown) => void): <A, R>(call: (argument: A) => R) => (argument: A) => R | undefined {
  let hasTrapped = false
  return (call) => (argument) => {
    if (hasTrapped) return undefined
    try {
      return call(argument)
    } catch (cause) {
      hasTrapped = true
      trapped(cause)
      return undefined
    }
  }
}
