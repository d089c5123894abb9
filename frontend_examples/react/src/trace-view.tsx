import { useQuery } from "urql";
import { type FragmentType, graphql, readFragment } from "./gql";

const Line = graphql(`
  fragment SpanLine on Span {
    id
    name
    type
    status
    depth
    durationMs
    statusMessage
  }
`);

const TraceDocument = graphql(`
  query OneTrace($traceId: ID!) {
    trace(traceId: $traceId) {
      id
      name
      durationMs
      services
      spans(first: 500) {
        totalCount
        nodes {
          id
          ...SpanLine
        }
      }
    }
  }
`);

export function TraceView({ traceId }: { traceId: string }) {
  const [{ data, error, fetching }] = useQuery({ query: TraceDocument, variables: { traceId } });
  if (error) return <p role="alert">{error.message}</p>;
  if (fetching) return <p>Loading…</p>;
  if (!data?.trace) return <p>There is no such trace.</p>;
  const { name, services, spans } = data.trace;
  return (
    <section aria-label="Trace">
      <h2>{name}</h2>
      <p>
        {spans.totalCount} spans of {services.join(", ") || "no named service"}
      </p>
      <ol>
        {spans.nodes.map((span) => (
          <SpanLine key={span.id} span={span} />
        ))}
      </ol>
    </section>
  );
}

function SpanLine({ span }: { span: FragmentType<typeof Line> }) {
  const line = readFragment(Line, span);
  return (
    <li className={line.status === "ERROR" ? "failed" : ""} style={{ marginInlineStart: `${line.depth}rem` }}>
      <strong>{line.name}</strong> <small>{line.type}</small>{" "}
      {line.durationMs !== null && <span>{line.durationMs.toFixed(1)} ms</span>}
      {line.statusMessage && <p>{line.statusMessage}</p>}
    </li>
  );
}
