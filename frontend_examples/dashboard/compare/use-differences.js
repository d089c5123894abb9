// How a selection differs: of spans the server ranks the fields itself; of traces their shares are counted here.
import { useEffect, useMemo, useState } from "../html.js";
import { SPAN_DIFFERENCE, traceSpreadQuery } from "../api/statistics-documents.js";
import { loadFields } from "../filter/suggestions.js";
import { useQuery } from "../state/use-query.js";
import { spanDifferences, withoutRepeats } from "./ranking.js";
import { comparedFields, traceDifferences } from "./spread.js";

/**
 * @typedef {{count: number, errorRate: number | null, durationMs: {p95: number | null}}} Figures
 * @param {"spans" | "traces"} subject
 * @returns {{sides: {selected: Figures, other: Figures} | null, list: import("./ranking.js").Difference[],
 *   query: string | null, variables: object, error: Error | null, loading: boolean, reload: () => void}}
 */
export function useDifferences(subject, question, filters) {
  const [fields, setFields] = useState(null);
  useEffect(() => {
    if (subject === "spans") return;
    const use = (known) => setFields(comparedFields(known, question.chips));
    loadFields({}).then(use, () => use([]));
  }, [subject, question]);
  const query = subject === "spans" ? SPAN_DIFFERENCE : fields && traceSpreadQuery(fields);
  const variables = useMemo(() => ({ ...filters, ...groupKeys(fields ?? []) }), [filters, fields]);
  const { data, error, loading, reload } = useQuery(query, variables);
  const list = useMemo(() => data && listOf(subject, data, fields, question.chips), [data]);
  const sides = data && { selected: data.selected[0], other: data.other[0] };
  return { sides, list: list ?? [], query, variables, error, loading, reload };
}

const listOf = (subject, data, fields, chips) =>
  withoutRepeats(subject === "spans" ? spanDifferences(data, chips) : traceDifferences(data, fields));

const groupKeys = (fields) =>
  Object.fromEntries(
    fields.map(({ name, level }, index) => [`by${index}`, [{ field: name, ...(level && { level }) }]]),
  );
