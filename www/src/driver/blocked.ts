/** Thrown where a request is made or its body read: that can never succeed, for the reason `cause`. */
export class Blocked {
  readonly cause: unknown

  constructor(cause: unknown) {
    this.cause = cause
  }
}
