// Why rows failed: the first line of the error of each, asked behind the list.
import { useEffect, useState } from "../html.js";
import { ROW_ERRORS } from "../api/documents.js";
import { request } from "../api/request.js";
import { errorLine } from "../span/errors.js";

const FAILED = {
  traces: ({ errorCount }) => errorCount > 0,
  spans: ({ status }) => status === "ERROR",
};

/** @returns {Map<string, string>} by the keys of the rows */
export function useErrors(subject, nodes) {
  const [lines, setLines] = useState(new Map());
  const ids = [...new Set(nodes.filter(FAILED[subject]).map(({ traceId }) => traceId))];
  const asked = ids.join();
  useEffect(() => {
    if (!ids.length) return undefined;
    const aborter = new AbortController();
    const filter = { traceId: { in: ids }, status: { eq: "ERROR" } };
    request(ROW_ERRORS, { filter }, { signal: aborter.signal }).then(
      ({ spans }) => setLines(subject === "traces" ? byTrace(spans.nodes) : bySpan(spans.nodes)),
      () => {}, // The list is whole without it.
    );
    return () => aborter.abort();
  }, [asked]);
  return lines;
}

const bySpan = (spans) => new Map(spans.map((span) => [`${span.traceId}/${span.spanId}`, errorLine(span)]));

/** Of each trace the error of its root, else of the span that failed first; with the service where it happened. */
function byTrace(spans) {
  const lines = new Map();
  const sorted = [...spans].sort((a, b) => Number(b.isRoot) - Number(a.isRoot));
  for (const span of sorted) {
    const line = errorLine(span);
    if (!line || lines.has(span.traceId)) continue;
    lines.set(span.traceId, span.isRoot ? line : `${span.serviceName ?? span.name}: ${line}`);
  }
  return lines;
}
