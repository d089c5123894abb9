// A list that grows page by page, and knows its pages when it is asked again.
//
//     npm ci && npm start [http://127.0.0.1:8000/graphql]
//
// Expect `20 more traces` twice, then `60 traces from the cache`: reading them again costs no request.
import { gql } from "@apollo/client";
import { createClient } from "./client.js";

const TRACES = gql`
  query Traces($filter: TraceFilter, $first: Int!, $after: String) {
    traces(filter: $filter, first: $first, after: $after) {
      edges {
        node {
          id
          name
          status
          durationMs
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

const client = createClient(process.argv[2] ?? "http://127.0.0.1:8000/graphql");
const variables = { filter: { hasRoot: { eq: true } }, first: 20 };
// The list is brought up to date for as long as somebody watches it: here is where a page would draw it.
const list = client.watchQuery({ query: TRACES, variables });
const watching = list.subscribe({ error: (error) => console.error(error.message) });

let { data } = await client.query({ query: TRACES, variables });
for (let page = 1; page < 3 && data.traces.pageInfo.hasNextPage; page++) {
  ({ data } = await list.fetchMore({ variables: { after: data.traces.pageInfo.endCursor } }));
  console.log(`${data.traces.edges.length} more traces`);
}
const { traces } = client.readQuery({ query: TRACES, variables });
console.log(`${traces.edges.length} traces from the cache`);
watching.unsubscribe();
client.stop();
