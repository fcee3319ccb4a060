/** The client where libraries take one. Compiled beside them, never run. */
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { Client as UrqlClient, fetchExchange, subscriptionExchange } from '@urql/core'
import { ApolloClient as ApolloClient3, InMemoryCache as InMemoryCache3 } from 'apollo-client-3/core'
import { GraphQLWsLink as GraphQLWsLink3 } from 'apollo-client-3/link/subscriptions'
import { createClient, forwardSubscription, relaySubscribe } from 'eventsource-wasm/graphql'
import type { Client as WsClient } from 'graphql-ws'
import { Environment, Network, Observable, RecordSource, Store, type FetchFunction } from 'relay-runtime'

const client = createClient({ url: '/graphql' })

const link = new GraphQLWsLink(client)
export const apollo = new ApolloClient({
  cache: new InMemoryCache(),
  link: ApolloLink.split(({ operationType }) => operationType === 'subscription', link, new HttpLink({ uri: '/graphql' })),
})
export const apollo3 = new ApolloClient3({ cache: new InMemoryCache3(), link: new GraphQLWsLink3(client) })

export const urql = new UrqlClient({
  url: '/graphql',
  preferGetMethod: false,
  exchanges: [fetchExchange, subscriptionExchange({ forwardSubscription: forwardSubscription(client) })],
})

declare const fetchQuery: FetchFunction
const subscribe = relaySubscribe(client, { persisted: ({ id }) => ({ documentId: id ?? '' } as object) })
export const relay = new Environment({
  network: Network.create(fetchQuery, (request, variables) => Observable.from(subscribe(request, variables))),
  store: new Store(new RecordSource()),
})

export const ws: WsClient = client
