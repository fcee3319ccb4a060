/** The head of a response, which is an event stream or not. */
export interface Head {
  readonly status: number
  readonly statusText: string
  readonly headers: [string, string][]
  /** After redirects. */
  readonly url: string
  readonly isStream: boolean
}

/** The state of a stream after its delivered bytes. Texts have one character per byte. */
export interface Standing {
  readonly lastEventId: string
  /** The digits of the last `retry`. */
  readonly retry: string
  /** No event is partly delivered. */
  readonly isWhole: boolean
}

/** Messages to the whole group, about who leads. */
export type Announcement = { readonly from: string } & (
  /** Who leads? */
  | { readonly type: 'hello' }
  /** I lead, and my bytes are of this connection. */
  | { readonly type: 'lead', readonly connection: string }
)

/** Messages between a leader and its listeners. */
export type Message = { readonly from: string } & (
  /** I have `at` bytes of this connection, and can also continue after this ID. */
  | { readonly type: 'join', readonly connection: string, readonly at: number, readonly lastEventId: string }
  /** You follow me. You had `had` bytes: these come next for you, then those after the first `at` bytes. */
  | {
    readonly type: 'welcome'
    readonly to: string
    readonly had: number
    readonly head: Head
    readonly connection: string
    readonly at: number
    readonly bytes: Uint8Array<ArrayBuffer>
    readonly standing: Standing
  }
  /** I cannot provide what comes next for you. */
  | { readonly type: 'refuse', readonly to: string }
  /** The bytes up to `at`, or a sign of life without any. Listeners acknowledge a new `mark`. */
  | { readonly type: 'chunk', readonly at: number, readonly bytes: Uint8Array<ArrayBuffer>, readonly standing: Standing, readonly mark: number }
  /** The connection has ended, or failed. */
  | { readonly type: 'end', readonly error: string | undefined }
  /** I have read up to this mark. */
  | { readonly type: 'read', readonly mark: number }
  /** Are you there? */
  | { readonly type: 'ping' }
)
