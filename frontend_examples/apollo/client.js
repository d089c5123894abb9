// Apollo Client for Spanwell: what its cache has to know, in one place. Works the same with React, Vue, Angular or alone.
import { ApolloClient, HttpLink, InMemoryCache } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";

// A list is told apart from others by its filter and order; its pages are put together by their cursors.
const list = relayStylePagination(["filter", "orderBy"]);

/** @param {string} uri the address of `/graphql` @param {string} [token] sent as a bearer token */
export function createClient(uri, token) {
  return new ApolloClient({
    link: new HttpLink({ uri, headers: token ? { authorization: `Bearer ${token}` } : {} }),
    cache: new InMemoryCache({
      // Spans and traces have a global `id` and are held once; what has none belongs to its place in an answer.
      possibleTypes: { Node: ["Span", "Trace"] },
      typePolicies: {
        Query: { fields: { traces: list, spans: list, sessions: list, threads: list } },
        Trace: { fields: { spans: list } },
      },
    }),
  });
}
