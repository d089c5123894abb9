import { cacheExchange } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import { createClient } from "graphql-ws";
import { Client, fetchExchange, subscriptionExchange, type SubscriptionForwarder } from "urql";

// Every span and trace has a global `id`, so the cache holds each once, whichever operation brought it: what one
// answer changes is changed everywhere on the page. Pages of a connection are put together by their cursors.
const cache = cacheExchange({
  keys: { TraceChange: () => null, Removal: () => null },
  resolvers: { Query: { traces: relayPagination() } },
});

const sockets = createClient({ url: new URL("/graphql", location.href.replace(/^http/, "ws")).href, retryAttempts: Infinity });

// A lost connection is made again with the same payload, whose variables are read anew: they name the last change that
// came, so that what happened in between is sent first. Nothing is missed, and nothing comes twice.
const followed: SubscriptionForwarder = ({ query = "", variables = {} }) => ({
  subscribe: (sink) => {
    let after: unknown = variables["after"];
    const payload = {
      query,
      get variables() {
        return { ...variables, after };
      },
    };
    const unsubscribe = sockets.subscribe<Changes, Record<string, unknown>>(payload, {
      next: (answer) => {
        after = cursorIn(answer.data) ?? after;
        sink.next(answer);
      },
      error: (reason) => sink.error(reason),
      complete: () => sink.complete(),
    });
    return { unsubscribe };
  },
});

type Changes = Record<string, { cursor?: string }>;

/** The cursor of the change that an answer brings: each of our subscriptions has one field, and it has a cursor. */
function cursorIn(data: Changes | null | undefined) {
  return Object.values(data ?? {})[0]?.cursor;
}

export const client = new Client({
  url: "/graphql",
  preferGetMethod: false,
  exchanges: [cache, fetchExchange, subscriptionExchange({ forwardSubscription: followed })],
});
