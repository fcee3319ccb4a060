import { report } from './report.js'

/** Calls an application's function, if it has one. What it throws is reported like an exception of an event listener, and stops nothing. */
export function call<Argument, Result>(handler: ((argument: Argument) => Result) | undefined, argument: Argument): Result | undefined {
  try {
    return handler?.(argument)
  } catch (error) {
    report(error)
    return undefined
  }
}
