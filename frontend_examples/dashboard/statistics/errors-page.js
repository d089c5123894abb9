// What fails: errors grouped by what their messages have in common, with how often, since when, and the newest of each.
import { html, useMemo, useState } from "../html.js";
import { ERRORS } from "../api/statistics-documents.js";
import { FilterBar } from "../filter/filter-bar.js";
import { count } from "../format/numbers.js";
import { Icon } from "../parts/icons.js";
import { Empty, Failure, Outdated, Waiting } from "../parts/notices.js";
import { QueryButton } from "../query/query-button.js";
import { go, linkTo } from "../state/address.js";
import { boundedFilter, questionParams, readQuestion } from "../state/question.js";
import { useQuery } from "../state/use-query.js";
import { ErrorGroup } from "./error-group.js";

const MOST = 200;

export function ErrorsPage({ params }) {
  const text = params.toString();
  const [now, setNow] = useState(() => Date.now());
  const question = useMemo(() => readQuestion(params), [text]);
  const filter = useMemo(() => boundedFilter(question, "spans", now), [text, now]);
  const variables = { filter, first: MOST };
  const { data, error, loading, reload } = useQuery(ERRORS, variables);
  const groups = data?.errors ?? [];
  const change = (part) => go(linkTo(["errors"], questionParams({ ...question, ...part })));
  return html`<h1 class="unseen">Errors</h1>
    <${FilterBar} subject="spans" question=${question} filter=${filter} change=${change} />
    <div class="list-head services-head">
      <p class="total" aria-live="polite">${data && html`<${Total} groups=${groups} />`}</p>
      <div class="list-tools">
        <${QueryButton} query=${ERRORS} variables=${variables} />
        <button type="button" class="button" aria-label="Refresh" onClick=${() => setNow(Date.now())}>
          <${Icon} name="refresh" />
        </button>
      </div>
    </div>
    <${Outdated} error=${data && error} />
    ${
      !data
        ? error
          ? html`<${Failure} error=${error} retry=${reload} />`
          : html`<${Waiting} label="Loading errors…" />`
        : groups.length
          ? html`<ol class=${`error-groups ${loading ? "stale" : ""}`} aria-label="Errors">
              ${groups.map((group, index) => html`<${ErrorGroup} key=${index} group=${group} question=${question} />`)}
            </ol>`
          : html`<${Empty} title="Nothing failed"><p>No span of this filter failed in this time.</p><//>`
    }`;
}

function Total({ groups }) {
  const spans = groups.reduce((sum, group) => sum + group.count, 0);
  const words = groups.length === 1 ? "error" : "different errors";
  return html`<strong>${count(groups.length)}</strong> ${words}, ${count(spans)} failed spans`;
}
