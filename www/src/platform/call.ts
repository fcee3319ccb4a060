import { report } from './report.js'

/**
 * Calls a function of the application, if it has one. What it throws is reported and stops nothing; so is what a promise
 * of its rejects with, that nobody waits for.
 */
export function call<Parameters extends unknown[], Result>(
  handler: ((...parameters: Parameters) => Result) | undefined,
  ...parameters: Parameters
): Result | undefined {
  try {
    const result = handler?.(...parameters)
    if (result instanceof Promise) result.catch(report)
    return result
  } catch (error) {
    report(error)
    return undefined
  }
}
