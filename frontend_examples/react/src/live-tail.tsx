import { useSubscription } from "urql";
import { type FragmentType, graphql } from "./gql";
import { TraceRow, type TraceRowFragment } from "./trace-row";

const KEPT = 10;

const Tail = graphql(`
  subscription Tail($after: String) {
    traces(after: $after) {
      cursor
      trace {
        id
        ...TraceRow
      }
    }
  }
`);

interface Arrived {
  id: string;
  trace: FragmentType<typeof TraceRowFragment>;
}

/** What happened last. A trace that changes again moves to the top, and the cache changes it in the list as well. */
export function LiveTail({ onChoose }: { onChoose: (traceId: string) => void }) {
  const [{ data, error }] = useSubscription({ query: Tail }, (before: Arrived[] = [], { traces: { trace } }) =>
    [{ id: trace.id, trace }, ...before.filter(({ id }) => id !== trace.id)].slice(0, KEPT),
  );
  return (
    <section aria-label="Live" aria-live="polite">
      <h2>Live</h2>
      {error && <p role="alert">{error.message}</p>}
      {!data && !error && <p>Waiting for the next trace…</p>}
      <ol>
        {data?.map(({ id, trace }) => (
          <TraceRow key={id} trace={trace} chosen={undefined} onChoose={onChoose} />
        ))}
      </ol>
    </section>
  );
}
