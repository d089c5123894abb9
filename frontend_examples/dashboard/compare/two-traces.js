// Two traces side by side: their figures, their spans by the names on the way to them, and what each of them said.
import { html } from "../html.js";
import { TRACE_DIFF } from "../api/statistics-documents.js";
import { cost, count, duration, short, signed } from "../format/numbers.js";
import { momentWords } from "../format/times.js";
import { Empty, Failure, Waiting } from "../parts/notices.js";
import { QueryButton } from "../query/query-button.js";
import { Status } from "../parts/status.js";
import { linkTo } from "../state/address.js";
import { useQuery } from "../state/use-query.js";
import { Candidates } from "./candidates.js";
import { PathTable } from "./path-table.js";

export function TwoTraces({ params }) {
  const [base, other] = [params.get("trace"), params.get("with")];
  const variables = { base, other: other || base };
  const { data, error, reload } = useQuery(TRACE_DIFF, variables, { fresh: true });
  if (error) return html`<${Failure} error=${error} retry=${reload} />`;
  if (!data) return html`<${Waiting} label="Comparing the traces…" />`;
  if (!data.traceDiff)
    return html`<${Empty} title="There is no such trace"><p>One of the two may have been deleted.</p>
    <//>`;
  const diff = data.traceDiff;
  if (!other) return html`<${Candidates} trace=${diff.base} />`;
  return html`<div class="list-head compare-head">
      <h1 class="compare-title">${titleOf(diff)}</h1>
      <div class="list-tools">
        <a class="button" href=${linkTo(["compare"], { trace: other, with: base })}>Swap</a>
        <a class="button" href=${linkTo(["compare"], { trace: base })}>Others…</a>
        <${QueryButton} query=${TRACE_DIFF} variables=${variables} />
      </div>
    </div>
    <${Totals} diff=${diff} />
    <${PathTable} diff=${diff} />`;
}

const titleOf = ({ base, other }) =>
  base.name === other.name ? `Two traces of ${base.name}` : `${base.name} and ${other.name}`;

/** @type {[string, string, (value: number) => string, boolean][]} the last: whether more of it is worse */
const FIGURES = [
  ["Duration", "durationMs", duration, true],
  ["Spans", "spanCount", count, false],
  ["Failed", "errorCount", count, true],
  ["Tokens", "totalTokens", short, true],
  ["Cost", "costUsd", cost, true],
];

function Totals({ diff }) {
  const shown = FIGURES.filter(([, name]) => diff[name].base !== null || diff[name].other !== null);
  return html`<div class="table-box totals" tabindex="0" role="region" aria-label="In all"><table class="figures"
    aria-label="Both traces in all">
    <thead><tr><th scope="col">Trace</th>${shown.map(
      ([label]) => html`<th scope="col" class="is-number" key=${label}>${label}</th>`,
    )}</tr></thead>
    <tbody>
      ${["base", "other"].map(
        (side) => html`<tr key=${side}>
        <th scope="row"><span class=${`side-key side-${side === "base" ? "other" : "selected"}`}><${TraceLink}
          trace=${diff[side]} /></span></th>
        ${shown.map(
          ([label, name, format]) =>
            html`<td class="is-number" key=${label}>${
              diff[side][name] === undefined || diff[name][side] !== null ? format(diff[name][side]) : "–"
            }</td>`,
        )}
      </tr>`,
      )}
      <tr class="is-whole"><th scope="row">Difference</th>
        ${shown.map(
          ([label, name, format, isWorse]) => html`<td key=${label}
            class=${`is-number ${isWorse && diff[name].change > 0 ? "is-more" : ""}`}>
            ${signed(diff[name].change, format)}
          </td>`,
        )}
      </tr>
    </tbody>
  </table></div>`;
}

const TraceLink = ({ trace }) =>
  html`<${Status} status=${trace.status} hasError=${trace.errorCount > 0} /><a
    href=${linkTo(["trace", trace.traceId])}>${trace.traceId.slice(0, 8)}</a>
    <small>${momentWords(trace.startedAt)}</small>`;
