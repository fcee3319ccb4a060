import type { MaybeUrl } from './request.js'
import type { Call, EventOf, Listed, Mapping, Parsing, Reduced, Sendable, Snapshot, StoreOptions, StreamOptions, Turn, WrongStoreOptions, WrongStreamOptions } from './types.js'

/** What can be done with a connection. */
export interface SourceActions {
  /** Closes the connection for all who share it, or with `'component'` leaves it to the others. Until `reconnect`. */
  close(this: void, scope?: unknown): void
  /** Makes a request now that resumes after the last event, for all who share it. */
  reconnect(this: void): void
}

/** What can be done with a stream that answers a request. */
export interface StreamActions<Data = unknown> {
  /**
   * Makes the request, in place of one that is under way: with this body, an object as JSON, or for this turn of a chat.
   * Nothing repeats it but another call. Resolves to `data` once the reply is finished; rejects if it fails, breaks off
   * or is stopped, which needs no handler, for `status` and `error` say the same.
   */
  send(this: void, input?: Sendable, call?: Call): Promise<Data>
  /** Ends the request. What has arrived stays. */
  stop(this: void): void
  /** Makes the last request again. In a chat, the reply takes the place of the last one. */
  retry(this: void, call?: unknown): Promise<Data>
  /** The same as `retry`. */
  regenerate(this: void, call?: unknown): Promise<Data>
  /** Ends the request and goes back to the beginning. */
  reset(this: void): void
  setMessages(this: void, next: readonly Turn[] | ((turns: readonly Turn[]) => readonly Turn[])): void
}

/** The snapshot of a stream that answers a request. */
export interface StreamSnapshot<Map, Data> extends Snapshot<EventOf<Map>, Data> {
  /** The turns of the chat, if the option `messages` is given, with the reply as far as it has come. */
  readonly messages: readonly Turn[]
}

/** A value, or a function that reads it, which is followed. */
export type Given<Value> = Value | (() => Value)

/** The type of what a hook returns, `result`, as it follows from the events and the data: a function of types. */
export interface Shape {
  readonly map: unknown
  readonly data: unknown
  readonly result: unknown
}

type ResultOf<Of extends Shape, Map, Data> = (Of & { readonly map: Map, readonly data: Data })['result']

/** `useEventSource`, for frameworks whose values are followed by functions that read them. */
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

/** A result whose members are the values, read whenever they are needed. */
export interface SourceView extends Shape {
  readonly result: Snapshot<EventOf<this['map']>, this['data']> & SourceActions
}

export interface StreamView extends Shape {
  readonly result: StreamSnapshot<this['map'], this['data']> & StreamActions<this['data']>
}
