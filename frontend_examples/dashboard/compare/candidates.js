// Other runs of the same: one of them is what to compare a trace with.
import { html } from "../html.js";
import { LIKE_TRACES } from "../api/statistics-documents.js";
import { count, duration } from "../format/numbers.js";
import { ago, momentWords } from "../format/times.js";
import { Failure, Waiting } from "../parts/notices.js";
import { Status } from "../parts/status.js";
import { go, linkTo } from "../state/address.js";
import { idsIn } from "../state/ids.js";
import { useQuery } from "../state/use-query.js";

export function Candidates({ trace }) {
  const link = (otherId) => linkTo(["compare"], { trace: trace.traceId, with: otherId });
  const submit = (event) => {
    event.preventDefault();
    const text = event.currentTarget.elements.id.value.trim();
    if (text) go(link(idsIn(text)?.traceId ?? text));
  };
  return html`<h1 class="compare-title">Compare ${trace.name}</h1>
    <form class="compare-id" onSubmit=${submit}>
      <label>With the trace <input name="id" placeholder="its id" spellcheck=${false} /></label>
      <button type="submit" class="button">Compare</button>
    </form>
    <${Likes} trace=${trace} link=${link} />`;
}

function Likes({ trace, link }) {
  const filter = { name: { eq: trace.name }, not: { traceId: { eq: trace.traceId } } };
  const { data, error, reload } = useQuery(LIKE_TRACES, { filter });
  if (error) return html`<${Failure} error=${error} retry=${reload} />`;
  if (!data) return html`<${Waiting} rows=${6} />`;
  const groups = [
    ["Newest", data.newest],
    ["Fastest", data.fastest],
    ["Slowest", data.slowest],
  ];
  if (!data.newest.nodes.length) return html`<p class="compare-hint">There is no other trace of this name.</p>`;
  return html`<div class="candidates">${groups.map(
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
