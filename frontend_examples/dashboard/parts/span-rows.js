// The rows of the list of spans.
import { html } from "../html.js";
import { cost, short } from "../format/numbers.js";
import { hueOf } from "../format/hues.js";
import { linkTo } from "../state/address.js";
import { Status } from "./status.js";
import { DurationCell, None, Started } from "./trace-rows.js";

const COLUMNS = ["Span", "Started", "Duration", "Type", "Tokens", "Cost"];

export function SpanRows({ nodes }) {
  const longest = Math.max(0, ...nodes.map((span) => span.durationMs ?? 0));
  return html`<div class="rows span-rows" role="table" aria-label="Spans">
    <div class="row row-head" role="row">
      ${COLUMNS.map((name) => html`<span role="columnheader" key=${name}>${name}</span>`)}
    </div>
    ${nodes.map((span) => html`<${SpanRow} key=${`${span.traceId}/${span.spanId}`} span=${span} longest=${longest} />`)}
  </div>`;
}

function SpanRow({ span, longest }) {
  return html`<div class="row" role="row">
    <div class="cell-name" role="cell">
      <${Status} status=${span.status} />
      <div>
        <a class="row-link" href=${linkTo(["trace", span.traceId], { span: span.spanId })}>${span.name}</a>
        <span class="services">
          ${span.serviceName && html`<span class=${`service ${hueOf(span.serviceName)}`}><i />${span.serviceName}</span>`}
          ${span.model && html`<span class="model">${span.model}</span>`}
        </span>
      </div>
    </div>
    <${Started} at=${span.startedAt} />
    <${DurationCell} ms=${span.durationMs} longest=${longest} isFailed=${span.status === "ERROR"} />
    <span class="cell-type" role="cell"><span class="tag">${span.type}</span></span>
    <span class="cell-number cell-tokens" role="cell">
      ${span.totalTokens === null ? html`<${None} />` : html`${short(span.totalTokens)}<span class="unit"> tokens</span>`}
    </span>
    <span class="cell-number cell-cost" role="cell">${span.costUsd === null ? html`<${None} />` : cost(span.costUsd)}</span>
  </div>`;
}
