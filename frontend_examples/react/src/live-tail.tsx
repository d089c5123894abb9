import { useSubscription } from "urql";
import { type FragmentType, graphql } from "./gql";
import type { TailSubscription } from "./gql/graphql";
import { TraceRow, type TraceRowFragment } from "./trace-row";

const KEPT = 10;

const Tail = graphql(`
  subscription Tail($after: String) {
    traces(after: $after) {
      cursor
      trace {
        id
        traceId
        ...TraceRow
      }
      removed {
        traceId
      }
    }
  }
`);

interface Arrived {
  traceId: string;
  trace: FragmentType<typeof TraceRowFragment>;
}

/** The traces of the tail after a change: what changed comes to the top, what was deleted goes. */
function changed(before: Arrived[] = [], { traces: { trace, removed } }: TailSubscription): Arrived[] {
  if (removed?.traceId === null) return []; // everything was deleted
  const gone = trace?.traceId ?? removed?.traceId;
  const rest = before.filter(({ traceId }) => traceId !== gone);
  return trace ? [{ traceId: trace.traceId, trace }, ...rest].slice(0, KEPT) : rest;
}

/** What happened last. A trace that changes again moves to the top, and the cache changes it in the list as well. */
export function LiveTail({ onChoose }: { onChoose: (traceId: string) => void }) {
  const [{ data, error }] = useSubscription({ query: Tail }, changed);
  return (
    <section aria-label="Live" aria-live="polite">
      <h2>Live</h2>
      {error && <p role="alert">{error.message}</p>}
      {!data && !error && <p>Waiting for the next trace…</p>}
      <ol>
        {data?.map(({ traceId, trace }) => (
          <TraceRow key={traceId} trace={trace} chosen={undefined} onChoose={onChoose} />
        ))}
      </ol>
    </section>
  );
}
