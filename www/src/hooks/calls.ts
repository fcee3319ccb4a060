import type { MaybeUrl } from './request.js'
import type { Call, EventOf, Listed, Mapping, Parsing, Reduced, Sendable, Snapshot, StoreOptions, StreamOptions, Turn, WrongStoreOptions, WrongStreamOptions } from './types.js'

/** The actions of a connection. */
export interface SourceActions {
  /** Closes the connection for all that share it, or with `'component'` for this component only, until `reconnect`. */
  close(this: void, scope?: unknown): void
  /** Makes a request now that resumes after the last event, for all that share the connection. */
  reconnect(this: void): void
}

/** The actions of a stream that answers a request. */
export interface StreamActions<Data = unknown> {
  /**
   * Makes the request and ends one that is under way. `input` is the body (an object is sent as JSON) or the turn of a
   * chat. Never repeated automatically. Resolves to `data` once the reply is finished; rejects if it fails, breaks off or
   * is stopped. The rejection needs no handler: `status` and `error` carry the same information.
   */
  send(this: void, input?: Sendable, call?: Call): Promise<Data>
  /** Ends the request. Keeps what has arrived. */
  stop(this: void): void
  /** Repeats the last request. In a chat, the reply replaces the last one. */
  retry(this: void, call?: unknown): Promise<Data>
  /** The same as `retry`. */
  regenerate(this: void, call?: unknown): Promise<Data>
  /** Ends the request and restores the initial state. */
  reset(this: void): void
  setMessages(this: void, next: readonly Turn[] | ((turns: readonly Turn[]) => readonly Turn[])): void
}

/** The snapshot of a stream that answers a request. */
export interface StreamSnapshot<Map, Data> extends Snapshot<EventOf<Map>, Data> {
  /** With the option `messages`: the turns of the chat, including a partial reply. */
  readonly messages: readonly Turn[]
}

/** A value, or a function that reads it, which is tracked. */
export type Given<Value> = Value | (() => Value)

/** A type-level function from the types of events and data to that of a hook's `result`. */
export interface Shape {
  readonly map: unknown
  readonly data: unknown
  readonly result: unknown
}

type ResultOf<Of extends Shape, Map, Data> = (Of & { readonly map: Map, readonly data: Data })['result']

/** `useEventSource`, for frameworks that track values through functions that read them. */
export interface ShowSource<Of extends Shape> {
  <Map extends object, State = Map[keyof Map] | undefined, Next = State, Selected = Reduced<State, Next>>(
    url: Given<MaybeUrl>,
    options: Given<StoreOptions<Map, State, Next, Selected> & Mapping<Map>>,
  ): ResultOf<Of, Map, Selected>
  <Data, State = Data | undefined, Next = State, Selected = Reduced<State, Next>, const Types extends string = string>(
    url: Given<MaybeUrl>,
    options: Given<StoreOptions<Record<Types, Data>, State, Next, Selected> & Listed<Types> & Parsing<Data>>,
  ): ResultOf<Of, Record<Types, Data>, Selected>
  <Text extends string = string, State = Text | undefined, Next = State, Selected = Reduced<State, Next>, const Types extends string = string>(
    url: Given<MaybeUrl>,
    options?: Given<StoreOptions<Record<Types, Text>, State, Next, Selected> & Listed<Types>>,
  ): ResultOf<Of, Record<Types, Text>, Selected>
  (url: Given<MaybeUrl>, options: WrongStoreOptions): never
}

/** `useEventStream`, likewise. */
export interface ShowStream<Of extends Shape> {
  <Map extends object, State = Map[keyof Map] | undefined, Next = State, Selected = Reduced<State, Next>>(
    url: Given<string | URL>,
    options: Given<StreamOptions<Map, State, Next, Selected> & Mapping<Map>>,
  ): ResultOf<Of, Map, Selected>
  <Data, State = Data | undefined, Next = State, Selected = Reduced<State, Next>, const Types extends string = string>(
    url: Given<string | URL>,
    options: Given<StreamOptions<Record<Types, Data>, State, Next, Selected> & Listed<Types> & Parsing<Data>>,
  ): ResultOf<Of, Record<Types, Data>, Selected>
  <Text extends string = string, State = Text | undefined, Next = State, Selected = Reduced<State, Next>, const Types extends string = string>(
    url: Given<string | URL>,
    options?: Given<StreamOptions<Record<Types, Text>, State, Next, Selected> & Listed<Types>>,
  ): ResultOf<Of, Record<Types, Text>, Selected>
  (url: Given<string | URL>, options: WrongStreamOptions): never
}

/** A result whose members are getters for the values. */
export interface SourceView extends Shape {
  readonly result: Snapshot<EventOf<this['map']>, this['data']> & SourceActions
}

export interface StreamView extends Shape {
  readonly result: StreamSnapshot<this['map'], this['data']> & StreamActions<this['data']>
}
