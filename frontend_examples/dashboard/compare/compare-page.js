// A selection against the rest: which fields and attributes differ most, with both shares as bars. Or two traces.
import { html, useEffect, useMemo, useState } from "../html.js";
import { spreadQuery } from "../api/statistics-documents.js";
import { FilterBar } from "../filter/filter-bar.js";
import { count, duration, percent } from "../format/numbers.js";
import { Empty, Failure, Outdated, Waiting } from "../parts/notices.js";
import { QueryButton } from "../parts/query-dialog.js";
import { go, linkTo } from "../state/address.js";
import { boundedFilter, carried, questionParams, readQuestion } from "../state/question.js";
import { loadFields } from "../filter/suggestions.js";
import { useQuery } from "../state/use-query.js";
import { Difference } from "./difference.js";
import { comparedFields, differences } from "./spread.js";
import { TwoTraces } from "./two-traces.js";

export function ComparePage({ params }) {
  if (params.get("trace")) return html`<${TwoTraces} params=${params} />`;
  return html`<${Selection} params=${params} />`;
}

function Selection({ params }) {
  const text = params.toString();
  const now = useMemo(() => Date.now(), [text]);
  const question = useMemo(() => readQuestion(params), [text]);
  const subject = params.get("of") === "traces" ? "traces" : "spans";
  const [selection, all] = useMemo(
    () => [question, { ...question, chips: [], search: "" }].map((part) => boundedFilter(part, subject, now)),
    [text],
  );
  const baseline = { ...all, not: selection };
  const isNarrowed = question.chips.length > 0 || Boolean(question.search);
  const [fields, setFields] = useState(null);
  useEffect(() => {
    loadFields(boundedFilter({ ...question, chips: [], search: "" }, "spans", now)).then(
      (known) => setFields(comparedFields(known, question.chips)),
      () => setFields(comparedFields([], [])),
    );
  }, [text]);
  const query = fields && spreadQuery(subject, fields);
  const variables = useMemo(() => ({ selection, baseline, ...groupKeys(fields ?? []) }), [fields, text]);
  const { data, error, loading, reload } = useQuery(isNarrowed ? query : null, variables);
  const change = (part) => go(linkTo(["compare"], withSubject(questionParams({ ...question, ...part }), subject)));
  const turnTo = (name) => go(linkTo(["compare"], withSubject(questionParams(carried(question, name)), name)));
  return html`<h1 class="unseen">Compare</h1>
    <${FilterBar} subject=${subject} question=${question} filter=${selection} change=${change} />
    <div class="list-head services-head">
      <nav class="switch" aria-label="What is compared">
        ${["spans", "traces"].map(
          (name) => html`<button type="button" key=${name} aria-pressed=${name === subject}
          onClick=${() => turnTo(name)}>${name === "spans" ? "Spans" : "Traces"}</button>`,
        )}
      </nav>
      <p class="total">${data && html`<${Figures} data=${data} />`}</p>
      ${query && isNarrowed && html`<${QueryButton} query=${query} variables=${variables} />`}
    </div>
    <${Outdated} error=${data && error} />
    ${
      !isNarrowed
        ? html`<${Start} subject=${subject} question=${question} />`
        : !data
          ? error
            ? html`<${Failure} error=${error} retry=${reload} />`
            : html`<${Waiting} label="Comparing…" />`
          : html`<${Result} list=${differences(data, fields)} data=${data} question=${question} subject=${subject}
            isOld=${loading} />`
    }`;
}

function Figures({ data }) {
  const words = ([row]) => `${count(row.count)}, p95 ${duration(row.durationMs.p95)}, ${percent(row.errorRate)} failed`;
  return html`<span class="key key-selected">selected: ${words(data.selected)}</span> <span
    class="key key-other">all others: ${words(data.other)}</span>`;
}

function Result({ list, data, question, subject, isOld }) {
  if (!data.selected[0].count)
    return html`<${Empty} title="Nothing meets this filter"><p>Choose another selection.</p><//>`;
  if (!data.other[0].count)
    return html`<${Empty} title="There is nothing to compare with"><p>Everything in this time meets the filter.</p>
      <//>`;
  if (!list.length)
    return html`<${Empty} title="They do not differ"><p>No field or attribute tells the selection from the rest.</p>
      <//>`;
  return html`<ol class=${`differences ${isOld ? "stale" : ""}`} aria-label="Differences">
    ${list.map(
      (difference) => html`<${Difference} key=${`${difference.field.level}-${difference.field.name}`}
      difference=${difference} question=${question} subject=${subject} />`,
    )}
  </ol>`;
}

const STARTS = [
  { label: "What failed", chip: { field: "status", operator: "eq", value: "ERROR" } },
  { label: "What took over 1 s", chip: { field: "durationMs", operator: "gte", value: "1000" } },
];

/** Which selection: of what failed, of what was slow, or any filter. */
function Start({ subject, question }) {
  const link = (chip) => linkTo(["compare"], withSubject(questionParams({ ...question, chips: [chip] }), subject));
  return html`<${Empty} title="Which ${subject} against the rest?">
    <p>Choose them with the filter above, or by dragging a rectangle in the heatmap over a list and then “Compare”.</p>
    <p>${STARTS.map(({ label, chip }) => html`<a class="button" key=${label} href=${link(chip)}>${label}</a> `)}</p>
  <//>`;
}

function withSubject(params, subject) {
  if (subject === "traces") params.set("of", "traces");
  return params;
}

const groupKeys = (fields) =>
  Object.fromEntries(
    fields.map(({ name, level }, index) => [`by${index}`, [{ field: name, ...(level && { level }) }]]),
  );
