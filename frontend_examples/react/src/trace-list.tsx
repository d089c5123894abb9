import { useState } from "react";
import { useQuery } from "urql";
import { graphql } from "./gql";
import { type Choice, TraceRow } from "./trace-row";

const Page = graphql(`
  query TracePage($after: String) {
    traces(first: 20, after: $after) {
      edges {
        node {
          id
          ...TraceRow
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export function TraceList({ chosen, onChoose }: Choice) {
  const [after, setAfter] = useState<string | null>(null);
  // The cache adds each page to those before it, so the answer is always the whole list so far.
  const [{ data, error, fetching }] = useQuery({ query: Page, variables: { after } });
  if (error) return <p role="alert">{error.message}</p>;
  const page = data?.traces.pageInfo;
  return (
    <section aria-label="Traces">
      <ol>
        {data?.traces.edges.map(({ node }) => (
          <TraceRow key={node.id} trace={node} chosen={chosen} onChoose={onChoose} />
        ))}
      </ol>
      <button disabled={fetching || !page?.hasNextPage} onClick={() => setAfter(page?.endCursor ?? null)}>
        More traces
      </button>
    </section>
  );
}
