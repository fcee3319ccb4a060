import { report } from './report.js'

/**
 * Calls a function of the application, if there is one. Exceptions are reported and stop nothing. A returned promise is
 * not awaited; its rejection is reported, too.
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
