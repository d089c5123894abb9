// Everything that is known of one span.
import { Assessments } from "../assessments/assessments.js";
import { html, useRef, useEffect } from "../html.js";
import { SPAN } from "../api/documents.js";
import { cost, count, duration } from "../format/numbers.js";
import { between } from "../format/times.js";
import { Icon } from "../parts/icons.js";
import { Empty, Failure, Waiting } from "../parts/notices.js";
import { QueryButton } from "../query/query-button.js";
import { Status } from "../parts/status.js";
import { useQuery } from "../state/use-query.js";
import { AttributeTable } from "./attribute-table.js";
import { ErrorBox } from "./error-box.js";
import { errorOf } from "./errors.js";
import { EventList, LinkList } from "./events.js";
import { Payload } from "./payload.js";

/**
 * @param {any} props version: another object when the span has changed, so that it is asked anew; children stand at
 *   its edge
 */
export function SpanPanel({ traceId, spanId, startedAt, version, panelRef, close, children }) {
  const { data, error, loading, reload } = useQuery(SPAN, { traceId, spanId }, { exact: true });
  const span = data?.span;
  const seen = useRef(null);
  useEffect(() => {
    panelRef.current.scrollTop = 0;
  }, [span?.spanId]);
  useEffect(() => {
    // A running span changes while one looks at it.
    if (seen.current?.id === spanId && seen.current.version !== version) reload();
    seen.current = { id: spanId, version };
  }, [spanId, version]);
  useEffect(() => {
    // On a small screen the details cover the waterfall, so one goes on there.
    if (matchMedia("(max-width: 1000px)").matches) panelRef.current.focus({ preventScroll: true });
  }, []);
  return html`<div class="panel-box">
    ${children}
    <aside class=${`span-panel ${loading ? "stale" : ""}`} aria-label="Span details" tabindex="-1" ref=${panelRef}>
      <button type="button" class="button quiet panel-close" aria-label="Close the details" onClick=${close}><${Icon}
        name="cross" /></button>
      <${Body} span=${span} error=${error} reload=${reload} startedAt=${startedAt} />
    </aside>
  </div>`;
}

function Body({ span, error, reload, startedAt }) {
  if (error) return html`<${Failure} error=${error} retry=${reload} />`;
  if (span === null) return html`<${Empty} title="This span is gone" />`;
  return span
    ? html`<${Details} span=${span} startedAt=${startedAt} />`
    : html`<${Waiting} rows=${8} label="Loading the span…" />`;
}

function Details({ span, startedAt }) {
  return html`<header class="panel-head">
      <p class="panel-kind"><span class="tag">${span.type}</span>${
        span.kind &&
        html`<span
        class="tag">${span.kind.toLowerCase()}</span>`
      }<${Status} status=${span.status} words=${true} /></p>
      <h2>${span.name.trim() || "(no name)"}</h2>
      <${Facts} span=${span} startedAt=${startedAt} />
    </header>
    <${ErrorBox} error=${errorOf(span)} statusMessage=${span.statusMessage} />
    <${Payload} span=${span} />
    <${Section} title="Attributes" value=${span.attributes} level="SPAN" open=${true} />
    <${Assessed} traceId=${span.traceId} spanId=${span.spanId} />
    <${EventList} events=${span.events} startedAt=${span.startedAt} />
    <${LinkList} links=${span.links} />
    <${Section} title="Metadata" value=${span.metadata} level="METADATA" open=${true} />
    <${Section} title="Resource" value=${span.resource} level="RESOURCE" />
    <${Section} title="Scope" value=${span.scope} level="SCOPE" />
    <${Section} title="Request context" value=${span.requestContext} />
    <${Section} title="Identity" value=${identity(span)} level=${null} />
    <footer class="panel-foot"><${QueryButton} query=${SPAN}
      variables=${{ traceId: span.traceId, spanId: span.spanId }} /></footer>`;
}

const Assessed = ({ traceId, spanId }) =>
  html`<section class="panel-section"><h3>Scores and feedback</h3>
    <${Assessments} traceId=${traceId} spanId=${spanId} /></section>`;

function Facts({ span, startedAt }) {
  const facts = [
    ["Duration", span.durationMs === null ? "running" : duration(span.durationMs)],
    ["Began after", duration(between(startedAt, span.startedAt))],
    ["Service", span.serviceName],
    ["Model", span.model && [span.model, span.provider].filter(Boolean).join(", ")],
    ["Tokens", span.totalTokens !== null && tokenWords(span)],
    ["Cost", span.costUsd !== null && cost(span.costUsd)],
    ["Tags", span.tags?.length && span.tags.join(", ")],
  ];
  return html`<dl class="facts">
    ${facts
      .filter(([, value]) => value)
      .map(
        ([name, value]) => html`<div class="fact" key=${name}><dt>${name}</dt>
      <dd>${value}</dd></div>`,
      )}
  </dl>`;
}

function Section({ title, value, level, open = false }) {
  if (value === null || (typeof value === "object" && !Object.keys(value).length)) return null;
  return html`<details class="panel-section" open=${open}>
    <summary><h3>${title}</h3><span
      class="section-count">${typeof value === "object" ? Object.keys(value).length : ""}</span></summary>
    <${AttributeTable} value=${value} level=${level} title=${title} />
  </details>`;
}

function tokenWords({ totalTokens, inputTokens, outputTokens, cachedInputTokens, reasoningTokens }) {
  const parts = [
    inputTokens !== null && `${count(inputTokens)} in`,
    outputTokens !== null && `${count(outputTokens)} out`,
    cachedInputTokens && `${count(cachedInputTokens)} cached`,
    reasoningTokens && `${count(reasoningTokens)} reasoning`,
  ].filter(Boolean);
  return html`${count(totalTokens)} <small>${parts.join(", ")}</small>`;
}

const IDENTITY =
  "traceId spanId parentSpanId startedAt endedAt createdAt updatedAt statusCode traceState scopeName scopeVersion " +
  "entityType entityName entityId entityVersionId userId organizationId resourceId runId sessionId threadId " +
  "requestId environment serviceName source experimentId";

function identity(span) {
  return Object.fromEntries(
    IDENTITY.split(" ")
      .filter((name) => span[name] !== null)
      .map((name) => [name, span[name]]),
  );
}
