/** Thrown when a request or reading its body can never succeed; `cause` is the reason. */
export class Blocked {
  readonly cause: unknown

  constructor(cause: unknown) {
    this.cause = cause
  }
}
