// What Relay asks of a schema: fragments on nodes that can be fetched again, and connections that grow.
import { graphql } from "relay-runtime";

export const page = graphql`
  query tracesPageQuery($filter: TraceFilter) {
    ...traces_list @arguments(filter: $filter)
  }
`;

export const list = graphql`
  fragment traces_list on Query
  @argumentDefinitions(filter: { type: "TraceFilter" }, first: { type: "Int", defaultValue: 20 }, after: { type: "String" })
  @refetchable(queryName: "tracesListQuery") {
    traces(filter: $filter, first: $first, after: $after) @connection(key: "traces_list_traces") {
      edges {
        node {
          ...traces_row
        }
      }
    }
  }
`;

export const row = graphql`
  fragment traces_row on Trace
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" })
  @refetchable(queryName: "tracesRowQuery") {
    name
    startedAt
    status
    spans(first: $count, after: $cursor) @connection(key: "traces_row_spans") {
      edges {
        node {
          name
        }
      }
    }
  }
`;
