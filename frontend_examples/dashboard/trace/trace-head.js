// What a trace was, in a line or two: its name, its outcome, its figures and whose it is.
import { html } from "../html.js";
import { cost, count, duration, plural } from "../format/numbers.js";
import { clockTime, dayOf } from "../format/times.js";
import { CopyButton } from "../parts/query-dialog.js";
import { Icon } from "../parts/icons.js";
import { Status } from "../parts/status.js";
import { linkTo } from "../state/address.js";
import { questionParams } from "../state/question.js";
import { lastList } from "../state/use-address.js";

export function TraceHead({ trace }) {
  return html`<header class="trace-head">
    <div class="trace-title">
      <a class="button quiet" href=${lastList()} aria-label="Back to the list"><${Icon} name="back" /></a>
      <h1>${trace.name}</h1>
      <${Status} status=${trace.status} words=${true} />
      <${CopyButton} text=${trace.traceId} label="Copy id" quiet=${true} />
    </div>
    <dl class="facts">
      <${Fact} name="Duration">${trace.durationMs === null ? "running" : duration(trace.durationMs)}<//>
      <${Fact} name="Started"><time dateTime=${trace.startedAt} title=${trace.startedAt}>${dayOf(trace.startedAt)}, ${clockTime(trace.startedAt)}</time><//>
      <${Fact} name="Spans">${count(trace.spanCount)}<//>
      ${trace.errorCount > 0 && html`<${Fact} name="Failed" bad=${true}>${plural(trace.errorCount, "span")}<//>`}
      ${trace.orphanCount > 0 && html`<${Fact} name="Without parent">${count(trace.orphanCount)}<//>`}
      ${trace.services.length > 1 && html`<${Fact} name="Services">${count(trace.services.length)}<//>`}
      ${trace.totalTokens !== null && html`<${Fact} name="Tokens">
        ${count(trace.totalTokens)} <small>${count(trace.inputTokens ?? 0)} in, ${count(trace.outputTokens ?? 0)} out</small>
      <//>`}
      ${trace.costUsd !== null && html`<${Fact} name="Cost">${cost(trace.costUsd)}<//>`}
      ${["environment", "userId", "sessionId", "threadId"].map((field) => html`<${Whose} key=${field} field=${field} value=${trace[field]} />`)}
    </dl>
  </header>`;
}

function Fact({ name, bad, children }) {
  return html`<div class=${bad ? "fact is-bad" : "fact"}><dt>${name}</dt><dd>${children}</dd></div>`;
}

const NAMES = { environment: "Environment", userId: "User", sessionId: "Session", threadId: "Thread" };

/** A field of the trace's context, with a link to all traces that share it. */
function Whose({ field, value }) {
  if (value === null) return null;
  const chips = [{ field, operator: "eq", value }];
  const link = linkTo(["traces"], questionParams({ chips, search: "", period: {}, sort: "" }));
  return html`<${Fact} name=${NAMES[field]}><a href=${link} title=${`All traces of ${value}`}>${value}</a><//>`;
}
