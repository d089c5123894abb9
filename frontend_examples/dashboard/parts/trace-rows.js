// The rows of the list of traces. They are a table to screen readers, and cards on a phone.
import { html } from "../html.js";
import { cost, count, duration, short } from "../format/numbers.js";
import { clockTime, dayOf } from "../format/times.js";
import { hueOf } from "../format/hues.js";
import { linkTo } from "../state/address.js";
import { Status } from "./status.js";

const COLUMNS = ["Trace", "Started", "Duration", "Spans", "Tokens", "Cost"];

export function TraceRows({ nodes }) {
  const longest = Math.max(0, ...nodes.map((trace) => trace.durationMs ?? 0));
  return html`<div class="rows trace-rows" role="table" aria-label="Traces">
    <div class="row row-head" role="row">
      ${COLUMNS.map((name) => html`<span role="columnheader" key=${name}>${name}</span>`)}
    </div>
    ${nodes.map((trace) => html`<${TraceRow} key=${trace.traceId} trace=${trace} longest=${longest} />`)}
  </div>`;
}

function TraceRow({ trace, longest }) {
  return html`<div class=${`row ${trace.isNew ? "row-new" : ""}`} role="row">
    <div class="cell-name" role="cell">
      <${Status} status=${trace.status} />
      <div>
        <a class="row-link" href=${linkTo(["trace", trace.traceId])}>${trace.name}</a>
        <${Services} trace=${trace} />
      </div>
    </div>
    <${Started} at=${trace.startedAt} />
    <${DurationCell} ms=${trace.durationMs} longest=${longest} isFailed=${trace.status === "ERROR"} />
    <span class="cell-number cell-spans" role="cell">
      <span>${count(trace.spanCount)}<span class="unit"> spans</span></span>
      ${trace.errorCount > 0 && html`<span class="errors">${count(trace.errorCount)} failed</span>`}
    </span>
    <span class="cell-number cell-tokens" role="cell">
      ${trace.totalTokens === null ? html`<${None} />` : html`${short(trace.totalTokens)}<span class="unit"> tokens</span>`}
    </span>
    <span class="cell-number cell-cost" role="cell">${trace.costUsd === null ? html`<${None} />` : cost(trace.costUsd)}</span>
  </div>`;
}

const SHOWN = 3;

function Services({ trace }) {
  const first = trace.services.includes(trace.serviceName) ? [trace.serviceName] : [];
  const services = [...first, ...trace.services.filter((name) => name !== trace.serviceName)];
  const rest = services.length - SHOWN;
  return html`<span class="services">
    ${services.slice(0, SHOWN).map((name) => html`<span class=${`service ${hueOf(name)}`} key=${name}><i />${name}</span>`)}
    ${rest > 0 && html`<span class="service-more" title=${services.slice(SHOWN).join(", ")}>+${rest}</span>`}
  </span>`;
}

export const None = () => html`<span class="none" aria-label="none">–</span>`;

export function Started({ at }) {
  return html`<time class="cell-started" role="cell" dateTime=${at} title=${at}>
    <span>${clockTime(at)}</span><span class="day">${dayOf(at)}</span>
  </time>`;
}

export function DurationCell({ ms, longest, isFailed }) {
  // By the square root: milliseconds stay visible beside minutes.
  const share = ms === null || !longest ? 0 : Math.max(0.01, Math.sqrt(ms / longest));
  return html`<span class="cell-duration" role="cell">
    <span>${ms === null ? html`<span class="running">running</span>` : duration(ms)}</span>
    <span class=${`bar ${isFailed ? "bar-failed" : ""}`}><i style=${{ "--share": share }} /></span>
  </span>`;
}
