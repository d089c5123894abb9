// Two traces side by side: their figures, and their spans aligned by the names on the way to them.
import { html, useMemo } from "../html.js";
import { TRACE } from "../api/documents.js";
import { LIKE_TRACES } from "../api/statistics-documents.js";
import { cost, count, duration, short } from "../format/numbers.js";
import { ago, momentWords } from "../format/times.js";
import { Empty, Failure, Waiting } from "../parts/notices.js";
import { Status } from "../parts/status.js";
import { go, linkTo } from "../state/address.js";
import { idsIn } from "../state/ids.js";
import { useQuery } from "../state/use-query.js";
import { aligned } from "./align.js";

const SPANS = 10_000;

export function TwoTraces({ params }) {
  const [id, otherId] = [params.get("trace"), params.get("with")];
  const one = useQuery(TRACE, { traceId: id, first: SPANS, after: null });
  const other = useQuery(otherId ? TRACE : null, { traceId: otherId, first: SPANS, after: null });
  const error = one.error ?? other.error;
  if (error) return html`<${Failure} error=${error} retry=${one.error ? one.reload : other.reload} />`;
  if (!one.data || (otherId && !other.data)) return html`<${Waiting} label="Loading the traces…" />`;
  if (!one.data.trace || (otherId && !other.data.trace)) return html`<${Empty} title="There is no such trace" />`;
  return html`<h1 class="compare-title">Compare ${one.data.trace.name}</h1>
    ${
      otherId
        ? html`<${Aligned} one=${one.data.trace} other=${other.data.trace} />`
        : html`<${Candidates} trace=${one.data.trace} />`
    }`;
}

/** Other runs of the same: one of them is what to compare with. */
function Candidates({ trace }) {
  const filter = { name: { eq: trace.name }, not: { traceId: { eq: trace.traceId } } };
  const { data, error, reload } = useQuery(LIKE_TRACES, { filter });
  if (error) return html`<${Failure} error=${error} retry=${reload} />`;
  if (!data) return html`<${Waiting} rows=${6} />`;
  const link = (otherId) => linkTo(["compare"], { trace: trace.traceId, with: otherId });
  const submit = (event) => {
    event.preventDefault();
    const text = event.currentTarget.elements.id.value.trim();
    if (text) go(link(idsIn(text)?.traceId ?? text));
  };
  const groups = [
    ["Newest", data.newest],
    ["Fastest", data.fastest],
    ["Slowest", data.slowest],
  ];
  return html`<form class="compare-id" onSubmit=${submit}>
      <label>With the trace <input name="id" placeholder="its id" spellcheck=${false} /></label>
      <button type="submit" class="button">Compare</button>
    </form>
    <div class="candidates">${groups.map(
      ([title, { nodes }]) => html`<section key=${title}>
      <h2>${title} others</h2>
      <ul>${nodes.map(
        (node) => html`<li key=${node.traceId}>
        <a href=${link(node.traceId)}><${Status} status=${node.status}
          hasError=${node.errorCount > 0} /> ${duration(node.durationMs)}</a>
        <span title=${momentWords(node.startedAt)}>${ago(node.startedAt)}, ${count(node.spanCount)} spans</span>
      </li>`,
      )}</ul>
    </section>`,
    )}</div>`;
}

/** @type {[string, (trace: any) => number | null, (value: number) => string][]} */
const FIGURES = [
  ["Duration", ({ durationMs }) => durationMs, duration],
  ["Spans", ({ spanCount }) => spanCount, count],
  ["Failed spans", ({ errorCount }) => errorCount, count],
  ["Tokens", ({ totalTokens }) => totalTokens, short],
  ["Cost", ({ costUsd }) => costUsd, cost],
];

function Aligned({ one, other }) {
  const rows = useMemo(() => aligned(one.spans.nodes, other.spans.nodes), [one, other]);
  const link = ({ traceId }, spanId) => linkTo(["trace", traceId], { span: spanId });
  return html`<div class="table-box" tabindex="0" role="region" aria-label="Both traces"><table class="figures aligned"
    aria-label="Differences of two traces">
    <thead><tr><th scope="col">Span</th>
      ${[one, other].map(
        (trace) => html`<th scope="col" class="is-number" key=${trace.traceId}><a
          href=${link(trace)}>${trace.traceId.slice(0, 8)}</a>
        <small>${momentWords(trace.startedAt)}</small></th>`,
      )}
      <th scope="col" class="is-number">Difference</th></tr></thead>
    <tbody>
      ${FIGURES.filter(([, of]) => of(one) !== null || of(other) !== null).map(
        ([label, of, format]) => html`<tr key=${label} class="is-whole">
        <th scope="row">${label}</th><td class="is-number">${format(of(one) ?? 0)}</td><td
          class="is-number">${format(of(other) ?? 0)}</td>
        <td class="is-number">${signed((of(other) ?? 0) - (of(one) ?? 0), format)}</td>
      </tr>`,
      )}
      ${rows.map(
        (row) => html`<tr key=${row.path} class=${row.one && row.other ? "" : "is-only"}>
        <th scope="row" style=${{ "--depth": Math.min(row.depth, 12) }}><span class="aligned-name">${row.name}</span>
          </th>
        ${[
          [one, row.one],
          [other, row.other],
        ].map(
          ([trace, side]) => html`<td class="is-number" key=${trace.traceId}>
          ${
            side
              ? html`<a href=${link(trace, side.spanId)}>${duration(side.ms)}</a>${side.times > 1 && html` <small>${count(side.times)}×</small>`}
            ${side.failed > 0 && html` <span class="errors">${count(side.failed)} failed</span>`}`
              : "–"
          }
        </td>`,
        )}
        <td class=${`is-number ${row.change > 0 ? "is-more" : ""}`}>${signed(row.change, duration)}</td>
      </tr>`,
      )}
    </tbody>
  </table></div>`;
}

const signed = (value, format) => (value ? `${value < 0 ? "−" : "+"}${format(Math.abs(value))}` : "=");
