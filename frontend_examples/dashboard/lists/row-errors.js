// Why rows failed: the first line of the error of each, asked behind the list.
import { useEffect } from "../html.js";
import { SPAN_ERRORS, TRACE_ERRORS } from "../api/documents.js";
import { request } from "../api/request.js";
import { errorLine } from "../span/errors.js";

const SUBJECTS = {
  traces: {
    failed: ({ errorCount }) => errorCount > 0,
    query: TRACE_ERRORS,
    filter: (nodes) => ({ traceId: { in: idsOf(nodes, "traceId") } }),
    spans: ({ traces }) => traces.nodes.map(({ firstError }) => firstError).filter(Boolean),
    key: ({ traceId }) => traceId,
    /** With the service where it happened, unless it is the root that failed. */
    line: (span) => (span.isRoot ? errorLine(span) : `${span.serviceName ?? span.name}: ${errorLine(span)}`),
  },
  spans: {
    failed: ({ status }) => status === "ERROR",
    query: SPAN_ERRORS,
    filter: (nodes) => ({
      traceId: { in: idsOf(nodes, "traceId") },
      spanId: { in: idsOf(nodes, "spanId") },
      status: { eq: "ERROR" },
    }),
    spans: ({ spans }) => spans.nodes,
    key: ({ traceId, spanId }) => `${traceId}/${spanId}`,
    line: errorLine,
  },
};

const idsOf = (nodes, name) => [...new Set(nodes.map((node) => node[name]))];

/**
 * @param {{subject: "traces" | "spans", nodes: any[], show: (lines: Map<string, string>) => void}} props show: takes
 *   the lines, by the keys of the rows
 */
export function RowErrors({ subject, nodes, show }) {
  const { failed, query, filter, spans, key } = SUBJECTS[subject];
  const rows = nodes.filter(failed);
  const asked = rows.map(key).join();
  useEffect(() => {
    if (!rows.length) return undefined;
    const aborter = new AbortController();
    request(query, { filter: filter(rows) }, { signal: aborter.signal }).then(
      (data) => show(new Map(spans(data).map((span) => [key(span), lineOf(subject, span)]))),
      () => {}, // The list is whole without it.
    );
    return () => aborter.abort();
  }, [asked]);
  return null;
}

const lineOf = (subject, span) => (errorLine(span) ? SUBJECTS[subject].line(span) : "");
