// Where a comparison begins: what failed, or else what was slow, against the rest; and what else could be chosen.
import { html, useMemo } from "../html.js";
import { startQuery } from "../api/statistics-documents.js";
import { count, duration } from "../format/numbers.js";
import { Empty, Failure, Waiting } from "../parts/notices.js";
import { boundedFilter } from "../state/question.js";
import { useQuery } from "../state/use-query.js";
import { Differences, Sides } from "./differences.js";
import { baselineFilter, choicesOf } from "./baseline.js";
import { SubjectSwitch } from "./subject-switch.js";
import { useDifferences } from "./use-differences.js";

/** @param {{count: number, errorCount: number, durationMs: {p95: number | null}}} whole */
export function startsOf(whole, subject) {
  const failed = subject === "traces" ? ["hasError", "true"] : ["status", "ERROR"];
  const limit = whole.durationMs.p95 && Number(whole.durationMs.p95.toPrecision(2));
  return [
    whole.errorCount > 0 && {
      label: `What failed (${count(whole.errorCount)})`,
      part: { chips: [{ field: failed[0], operator: "eq", value: failed[1] }] },
    },
    limit > 0 && {
      label: `What took ${duration(limit)} or more`,
      part: { chips: [{ field: "durationMs", operator: "gte", value: String(limit) }] },
    },
    { label: "The last hour, against the hour before", part: { period: { range: "1h" } } },
    { label: "The last 24 hours, against the day before", part: { period: { range: "24h" } } },
  ].filter(Boolean);
}

export function Start({ question, subject, now, link }) {
  const filter = useMemo(() => boundedFilter(question, subject, now), [question, subject, now]);
  const { data, error, reload } = useQuery(startQuery(subject), { filter });
  if (error) return html`<${Failure} error=${error} retry=${reload} />`;
  if (!data) return html`<${Waiting} />`;
  const [whole] = data.whole;
  if (!whole.count)
    return html`<${Empty} title="There is nothing to compare yet">
      <p><a href="#/traces">Send some spans</a> first.</p><//>`;
  const starts = startsOf(whole, subject);
  return html`<div class="list-head compare-head">
      <${SubjectSwitch} subject=${subject} link=${link} />
    </div>
    <p class="compare-hint">Choose ${subject} with the filter, or drag a rectangle in the heatmap over a list and press
      “Compare”. Or begin with:</p>
    <p class="compare-starts">${starts.map(
      ({ label, part }) => html`<a class="button" key=${label} href=${link(part)}>${label}</a>`,
    )}</p>
    <${First} start=${starts[0]} question=${question} subject=${subject} now=${now} />`;
}

function First({ start, question, subject, now }) {
  const chosen = useMemo(() => ({ ...question, ...start.part }), [start.label]);
  const [against] = choicesOf(chosen);
  const filters = useMemo(
    () => ({
      selection: boundedFilter(chosen, subject, now),
      baseline: baselineFilter(chosen, subject, against, now),
    }),
    [chosen],
  );
  const { sides, list, error } = useDifferences(subject, chosen, filters);
  if (error) return null;
  if (!sides) return html`<${Waiting} label="Comparing…" />`;
  return html`<h2 class="compare-first">${start.label}</h2>
    <${Sides} sides=${sides} against=${against} />
    <${Differences} sides=${sides} list=${list} question=${chosen} subject=${subject} />`;
}
