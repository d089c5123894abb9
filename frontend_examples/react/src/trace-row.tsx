import { type FragmentType, graphql, readFragment } from "./gql";

export const TraceRowFragment = graphql(`
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

export interface Choice {
  chosen: string | undefined;
  onChoose: (traceId: string) => void;
}

export function TraceRow({ trace, chosen, onChoose }: Choice & { trace: FragmentType<typeof TraceRowFragment> }) {
  const row = readFragment(TraceRowFragment, trace);
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
