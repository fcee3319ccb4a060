/** What a response says before its body. */
export interface Head {
  readonly status: number
  readonly statusText: string
  readonly headers: [string, string][]
  /** After redirects. */
  readonly url: string
}

/** Where a stream stands after the bytes that were delivered of it. Texts have one character per byte. */
export interface Standing {
  readonly lastEventId: string
  /** The digits of the last `retry`. */
  readonly retry: string
  /** Bytes since the event that set `lastEventId`. */
  readonly sinceId: number
  /** No event is half delivered. */
  readonly isWhole: boolean
}

/** What the members of a group say to all others: who leads. */
export type Announcement = { readonly from: string } & (
  /** Who leads? */
  | { readonly type: 'hello' }
  /** I do, and the bytes are of this connection. */
  | { readonly type: 'lead', readonly connection: string }
)

/** What is said between a leader and those who listen to it. */
export type Message = { readonly from: string } & (
  /** I have so many bytes of this connection, and would also go on after this ID. */
  | { readonly type: 'join', readonly connection: string, readonly at: number, readonly lastEventId: string }
  /** You follow me, who had so many bytes: these come next for you, and are followed by what comes after the first `at` bytes. */
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
  /** I cannot tell you what comes next for you. */
  | { readonly type: 'refuse', readonly to: string }
  /** The bytes up to `at`, or a sign of life without any. Who sees another `mark` than before says so. */
  | { readonly type: 'chunk', readonly at: number, readonly bytes: Uint8Array<ArrayBuffer>, readonly standing: Standing, readonly mark: number }
  /** The connection has ended, or failed. */
  | { readonly type: 'end', readonly error: string | undefined }
  /** I have read up to this mark. */
  | { readonly type: 'read', readonly mark: number }
  /** Are you there? */
  | { readonly type: 'ping' }
)
