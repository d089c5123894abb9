import { useState } from "react";
import { useQuery } from "urql";
import { type FragmentType, graphql, readFragment } from "./gql";

const Row = graphql(`
  fragment TraceRow on Trace {
    id
    traceId
    name
    status
    startedAt
    durationMs
    spanCount
    errorCount
  }
`);

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

interface Choice {
  chosen: string | undefined;
  onChoose: (traceId: string) => void;
}

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

function TraceRow({ trace, chosen, onChoose }: Choice & { trace: FragmentType<typeof Row> }) {
  const row = readFragment(Row, trace);
  return (
    <li className={row.errorCount ? "failed" : ""}>
      <button aria-pressed={row.traceId === chosen} onClick={() => onChoose(row.traceId)}>
        <strong>{row.name}</strong>
        <span>{new Date(row.startedAt).toLocaleString()}</span>
        <span>
          {row.durationMs === null ? "running" : `${row.durationMs.toFixed(1)} ms`}, {row.spanCount} spans
        </span>
      </button>
    </li>
  );
}
