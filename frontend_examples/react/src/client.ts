import { cacheExchange } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import { Client, fetchExchange } from "urql";

// Every span and trace has a global `id`, so the cache holds each once, whichever operation brought it: what one
// answer changes is changed everywhere on the page. Pages of a connection are put together by their cursors.
const cache = cacheExchange({
  resolvers: { Query: { traces: relayPagination() } },
});

export const client = new Client({
  url: "/graphql",
  preferGetMethod: false,
  exchanges: [cache, fetchExchange],
});
