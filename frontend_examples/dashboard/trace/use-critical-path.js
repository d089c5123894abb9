// The spans that decided how long the trace took, and when each of them did.
import { useMemo } from "../html.js";
import { CRITICAL_PATH } from "../api/documents.js";
import { between } from "../format/times.js";
import { useQuery } from "../state/use-query.js";

/** @returns {Map<string, {start: number, end: number}[]> | null} stretches of the path by span id */
export function useCriticalPath(trace, isShown) {
  const { data } = useQuery(isShown ? CRITICAL_PATH : null, { traceId: trace.traceId });
  return useMemo(() => {
    if (!isShown || !data?.trace) return null;
    const parts = new Map();
    for (const { span, startedAt, endedAt } of data.trace.criticalPath) {
      const part = { start: between(trace.startedAt, startedAt), end: between(trace.startedAt, endedAt) };
      parts.set(span.spanId, [...(parts.get(span.spanId) ?? []), part]);
    }
    return parts;
  }, [data, isShown]);
}
