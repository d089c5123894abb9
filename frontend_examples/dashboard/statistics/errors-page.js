// What fails: errors grouped by message and service, with how often, since when, and the newest of each.
import { html, useMemo, useState } from "../html.js";
import { FAILED_SPANS } from "../api/statistics-documents.js";
import { FilterBar } from "../filter/filter-bar.js";
import { hueOf } from "../format/hues.js";
import { count, plural } from "../format/numbers.js";
import { ago, momentWords } from "../format/times.js";
import { Icon } from "../parts/icons.js";
import { Empty, Failure, Outdated, Waiting } from "../parts/notices.js";
import { QueryButton } from "../parts/query-dialog.js";
import { go, linkTo } from "../state/address.js";
import { joined } from "../state/filter.js";
import { periodBounds, questionFilter, questionParams, readQuestion } from "../state/question.js";
import { useQuery } from "../state/use-query.js";
import { groupErrors } from "./group-errors.js";

const MOST = 1000;

export function ErrorsPage({ params }) {
  const text = params.toString();
  const [now, setNow] = useState(() => Date.now());
  const question = useMemo(() => readQuestion(params), [text]);
  const filter = useMemo(
    () => joined([questionFilter(question, "spans", now), { status: { eq: "ERROR" } }]),
    [text, now],
  );
  const variables = { filter, first: MOST };
  const { data, error, loading, reload } = useQuery(FAILED_SPANS, variables);
  const { from, to } = periodBounds(question.period, now);
  const groups = useMemo(() => groupErrors(data?.spans.nodes ?? [], { from, to }), [data]);
  const change = (part) => go(linkTo(["errors"], questionParams({ ...question, ...part })));
  const isWhole = !data?.spans.pageInfo.hasNextPage;
  return html`<h1 class="unseen">Errors</h1>
    <${FilterBar} subject="spans" question=${question} filter=${filter} change=${change} />
    <div class="list-head services-head">
      <p class="total" aria-live="polite">${data && html`<strong>${count(groups.length)}</strong> ${groups.length === 1 ? "error" : "different errors"}, ${isWhole ? plural(data.spans.nodes.length, "failed span") : `the newest ${count(MOST)} failed spans`}`}</p>
      <div class="list-tools">
        <${QueryButton} query=${FAILED_SPANS} variables=${variables} />
        <button type="button" class="button" aria-label="Refresh" onClick=${() => setNow(Date.now())}><${Icon}
          name="refresh" /></button>
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
            ${groups.map((group) => html`<${ErrorGroup} key=${group.key} group=${group} question=${question} />`)}
          </ol>`
          : html`<${Empty} title="Nothing failed"><p>No span of this filter failed in this time.</p><//>`
    }`;
}

function ErrorGroup({ group, question }) {
  const { name, message, service, spans, newest, trend, firstAt } = group;
  const link = linkTo(["trace", newest.traceId], { span: newest.spanId });
  const most = Math.max(...trend);
  const search = linkTo(
    ["spans"],
    questionParams({
      ...question,
      live: false,
      search: message.slice(0, 200),
      chips: [
        ...question.chips,
        { field: "status", operator: "eq", value: "ERROR" },
        ...(service ? [{ field: "serviceName", operator: "eq", value: service }] : []),
      ],
    }),
  );
  return html`<li class="error-group">
    <div class="error-words">
      <a class="error-message" href=${link} title="The newest of them">${message || "(no message)"}</a>
      <p class="services">
        ${name && html`<span class="tag">${name}</span>`}
        ${service && html`<span class=${`service ${hueOf(service)}`}><i />${service}</span>`}
        <span>${group.operations.slice(0, 2).join(", ")}${group.operations.length > 2 ? `, and ${group.operations.length - 2} more` : ""}</span>
      </p>
    </div>
    <svg class="trend" viewBox=${`0 0 ${trend.length} 10`} preserveAspectRatio="none" role="img"
      aria-label=${`most in one stretch: ${most}`}>
      <path d=${trend.map((value, index) => (value ? `M${index + 0.1} 10h0.8V${(10 - (10 * value) / most).toFixed(2)}h-0.8Z` : "")).join("")} />
    </svg>
    <p class="error-count"><strong>${count(spans)}</strong><a href=${search}>${spans === 1 ? "span" : "spans"}</a></p>
    <p class="error-when"><time dateTime=${newest.startedAt}
      title=${momentWords(newest.startedAt)}>${ago(newest.startedAt)}</time>
      <small title=${momentWords(firstAt)}>since ${ago(firstAt)}</small></p>
  </li>`;
}
