// Who calls whom, how often, and how well: a graph, and the same as a table.
import { html, useMemo, useState } from "../html.js";
import { SERVICES, SERVICE_GRAPH } from "../api/documents.js";
import { hueOf } from "../format/hues.js";
import { count, duration, percent } from "../format/numbers.js";
import { ago, momentWords } from "../format/times.js";
import { FilterBar } from "../filter/filter-bar.js";
import { Icon } from "../parts/icons.js";
import { Empty, Failure, Outdated, Waiting } from "../parts/notices.js";
import { QueryButton } from "../query/query-button.js";
import { go, linkTo } from "../state/address.js";
import { questionFilter, questionParams, readQuestion } from "../state/question.js";
import { useQuery } from "../state/use-query.js";
import { ServiceGraph } from "./service-graph.js";

export function ServicesPage({ params }) {
  const text = params.toString();
  const question = useMemo(() => readQuestion(params), [text]);
  const [now, setNow] = useState(() => Date.now());
  const filter = useMemo(() => questionFilter(question, "spans", now), [text, now]);
  const change = (part) => go(linkTo(["services"], questionParams({ ...question, ...part })));
  const { data, error, loading, reload } = useQuery(SERVICES, { filter });
  const graph = useQuery(SERVICE_GRAPH, { filter });
  const spansOf = (...chips) =>
    linkTo(["spans"], questionParams({ ...question, chips: [...question.chips, ...chips] }));
  const linkOf = (name) => spansOf(serviceChip(name));
  const failedOf = (name) => spansOf(serviceChip(name), { field: "status", operator: "eq", value: "ERROR" });
  const refresh = () => {
    setNow(Date.now());
    reload();
    graph.reload();
  };
  return html`<h1 class="unseen">Services</h1>
    <${FilterBar} subject="spans" question=${question} filter=${filter} change=${change} />
    <div class="list-head services-head">
      <p class="total" aria-live="polite">${data && html`<strong>${count(data.services.length)}</strong> services`}</p>
      <div class="list-tools">
        <${QueryButton} query=${SERVICE_GRAPH} variables=${{ filter }} />
        <button type="button" class="button" aria-label="Refresh" onClick=${refresh}><${Icon} name="refresh" /></button>
      </div>
    </div>
    <${Outdated} error=${data && error} />
    ${
      error && !data
        ? html`<${Failure} error=${error} retry=${reload} />`
        : !data
          ? html`<${Waiting} label="Loading services…" />`
          : !data.services.length
            ? html`<${Empty} title="No services here">
              <p>Spans name theirs in <code>serviceName</code>, or in OpenTelemetry's resource.</p><//>`
            : html`<div class=${loading ? "stale" : ""}>
          ${
            graph.data
              ? html`<${ServiceGraph} graph=${graph.data.serviceGraph} linkOf=${linkOf} failedOf=${failedOf} />`
              : html`<p class="service-graph graph-waiting"
                role="status">${graph.error?.message ?? "Finding out who calls whom…"}</p>`
          }
          <${ServiceTable} services=${data.services} linkOf=${linkOf} failedOf=${failedOf} />
        </div>`
    }`;
}

const serviceChip = (value) => ({ field: "serviceName", operator: "eq", value });

function ServiceTable({ services, linkOf, failedOf }) {
  return html`<div class="rows service-rows" role="table" aria-label="Services"
    style=${{ "--columns": "minmax(180px, 1fr) repeat(5, minmax(70px, 110px)) 100px" }}>
    <div class="row row-head" role="row">
      ${["Service", "Spans", "Traces", "Failed", "Median", "p95", "Last seen"].map(
        (name) => html`<span
        role="columnheader" key=${name}>${name}</span>`,
      )}
    </div>
    ${services.map(
      (service) => html`<div class="row" role="row" key=${service.name}>
      <span class=${`service ${hueOf(service.name)}`} role="cell"><i /><a class="row-link"
        href=${linkOf(service.name)}>${service.name}</a></span>
      <span class="cell-number" role="cell">${count(service.spanCount)}<span class="unit"> spans</span></span>
      <span class="cell-number" role="cell">${count(service.traceCount)}<span class="unit"> traces</span></span>
      <span class=${`cell-number ${service.errorRate > 0 ? "is-bad" : ""}`} role="cell">
        ${
          service.errorRate > 0
            ? html`<a class="above-link"
          href=${failedOf(service.name)}>${percent(service.errorRate)}</a>`
            : percent(service.errorRate)
        }<span
            class="unit"> failed</span></span>
      <span class="cell-number" role="cell">${duration(service.p50)}<span class="unit"> median</span></span>
      <span class="cell-number" role="cell">${duration(service.p95)}<span class="unit"> p95</span></span>
      <span class="cell-number" role="cell" title=${momentWords(service.lastSeenAt)}>${ago(service.lastSeenAt)}</span>
    </div>`,
    )}
  </div>`;
}
