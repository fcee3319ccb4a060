import { report } from './report.js'

/**
 * Calls a function of the application, if it has one. What it throws is reported like an exception of an event listener,
 * and stops nothing.
 */
export function call<Parameters extends unknown[], Result>(
  handler: ((...parameters: Parameters) => Result) | undefined,
  ...parameters: Parameters
): Result | undefined {
  try {
    return handler?.(...parameters)
  } catch (error) {
    report(error)
    return undefined
  }
}
