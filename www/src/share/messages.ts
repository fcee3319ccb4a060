/** What a response says before its body. */
export interface Head {
  readonly status: number
  readonly statusText: string
  readonly headers: [string, string][]
  /** After redirects. */
  readonly url: string
}

/** What members of a group say to all the others, or to the one with the ID `to`. */
export type Message = { readonly from: string } & (
  /** I have no leader, and would go on after this ID. */
  | { readonly type: 'hello', readonly lastEventId: string }
  /** I lead from now on. */
  | { readonly type: 'lead' }
  /** You follow me: these bytes come after your ID, and chunks after `seq` continue them. */
  | {
    readonly type: 'welcome'
    readonly to: string
    readonly lastEventId: string
    readonly head: Head
    readonly seq: number
    readonly bytes: Uint8Array<ArrayBuffer>
  }
  /** I cannot tell you what comes after your ID. */
  | { readonly type: 'refuse', readonly to: string }
  | { readonly type: 'chunk', readonly seq: number, readonly bytes: Uint8Array<ArrayBuffer> }
  /** The stream has ended, or failed. */
  | { readonly type: 'end', readonly error: string | undefined }
  /** I lead no more; another connection may go on. */
  | { readonly type: 'resign' }
  /** Is there a leader? */
  | { readonly type: 'ping' }
  | { readonly type: 'pong' }
)

/** What a member says; who it is gets added. */
export type Saying = Message extends infer M ? M extends Message ? Omit<M, 'from'> : never : never
