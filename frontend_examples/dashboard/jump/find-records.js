// Traces and spans by what was pasted: an id, its beginning, or anything that holds one.
import { FIND_RECORDS } from "../api/documents.js";
import { request } from "../api/request.js";
import { linkTo } from "../state/address.js";
import { idsIn } from "../state/ids.js";

const NOTHING = { or: [] };

/** @returns {Promise<import("../filter/suggestions.js").Option[]>} where an id leads to, the likeliest first */
export async function findRecords(text, signal) {
  const ids = idsIn(text) ?? (/^\S{2,128}$/.test(text) ? { traceId: text, spanId: text } : null);
  return ids ? recordsOf(ids, signal) : [];
}

/** @param {import("../state/ids.js").Ids} ids @param {AbortSignal} [signal] */
export async function recordsOf(ids, signal) {
  const { traces, spans } = await request(FIND_RECORDS, filtersOf(ids), { signal });
  const found = new Set(traces.nodes.map(({ traceId }) => traceId));
  const within = spans.nodes.map(spanOption);
  // A span that was named together with its trace is what was meant.
  const isBoth = ids.traceId && ids.spanId && ids.traceId !== ids.spanId;
  if (isBoth)
    return [
      ...spans.nodes.filter(({ traceId }) => found.has(traceId)).map(spanOption),
      ...traces.nodes.map(traceOption),
    ];
  return [...traces.nodes.map(traceOption), ...within];
}

/** @param {import("../state/ids.js").Ids} ids */
function filtersOf({ traceId, spanId, prefix }) {
  if (prefix) return { traces: { traceId: { startsWith: prefix } }, spans: { spanId: { startsWith: prefix } } };
  return {
    traces: traceId ? { traceId: { eq: traceId } } : NOTHING,
    spans: spanId ? { spanId: { eq: spanId } } : NOTHING,
  };
}

const traceOption = ({ traceId, name }) => ({
  id: `trace-${traceId}`,
  label: `Open trace ${shortId(traceId)}`,
  hint: "trace",
  detail: name,
  link: linkTo(["trace", traceId]),
});

const spanOption = ({ traceId, spanId, name, serviceName }) => ({
  id: `span-${traceId}-${spanId}`,
  label: `Open span ${shortId(spanId)}`,
  hint: "span",
  detail: [name, serviceName].filter(Boolean).join(", "),
  link: linkTo(["trace", traceId], { span: spanId }),
});

const shortId = (id) => (id.length > 20 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id);
