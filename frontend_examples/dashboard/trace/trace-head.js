// What a trace was, in a line or two: its name, its outcome, its figures and whose it is.
import { html } from "../html.js";
import { cost, count, duration, plural } from "../format/numbers.js";
import { clockTime, dayOf, momentWords, zoneName } from "../format/times.js";
import { CopyButton } from "../parts/copy-button.js";
import { download } from "../parts/download.js";
import { DownloadButton } from "../parts/download-button.js";
import { Icon } from "../parts/icons.js";
import { Menu } from "../parts/menu.js";
import { Status } from "../parts/status.js";
import { linkTo } from "../state/address.js";
import { questionParams } from "../state/question.js";
import { backToList, lastList } from "../state/use-address.js";
import { AssessButton } from "../assessments/assess-button.js";
import { DeleteButton } from "./delete-button.js";

/**
 * @param {{trace: any, now: number | null, link: () => string, reload: () => void}} props
 *   link: to what is shown now
 */
export function TraceHead({ trace, now, link, reload }) {
  return html`<header class="trace-head">
    <div class="trace-title">
      <a class="button quiet" href=${lastList()} aria-label="Back to the list" onClick=${backToList}><${Icon}
        name="back" /></a>
      <h1>${trace.name.trim() || "(no name)"}</h1>
      <${Status} status=${trace.status} hasError=${trace.errorCount > 0} words=${true} />
      <div class="trace-actions">
        <${CopyButton} text=${trace.traceId} label="Copy id" quiet=${true} />
        <${CopyButton} text=${link} label="Copy link" icon="link" quiet=${true} />
        <a class="button quiet" href=${linkTo(["compare"], { trace: trace.traceId })}><${Icon}
          name="compare" /><span>Compare…</span></a>
        <${AssessButton} traceId=${trace.traceId} />
        <button type="button" class="button quiet" aria-label="Refresh" title="Refresh" onClick=${reload}><${Icon}
          name="refresh" /></button>
        <${Menu} label="More" icon="more">
          <${DownloadButton} label="Download spans" start=${() => downloadSpans(trace, "jsonl")} />
          <${DownloadButton} label="Download OTLP" start=${() => downloadSpans(trace, "otlp")} />
          <${DeleteButton} trace=${trace} />
        <//>
      </div>
    </div>
    <dl class="facts">
      <${Fact} name="Duration"><span>${durationWords(trace, now)}</span><//>
      <${Fact} name="Started"><time dateTime=${trace.startedAt}
        title=${`${momentWords(trace.startedAt)} ${zoneName(Date.parse(trace.startedAt))}`}>
        ${dayOf(trace.startedAt)}, ${clockTime(trace.startedAt)}</time><//>
      <${Fact} name="Spans">${count(trace.spanCount)}<//>
      ${trace.errorCount > 0 && html`<${Fact} name="Failed" bad=${true}>${plural(trace.errorCount, "span")}<//>`}
      ${trace.orphanCount > 0 && html`<${Fact} name="Without parent">${count(trace.orphanCount)}<//>`}
      ${trace.services.length > 1 && html`<${Fact} name="Services">${count(trace.services.length)}<//>`}
      ${
        trace.totalTokens !== null &&
        html`<${Fact} name="Tokens">
        ${count(trace.totalTokens)}
        ${" "}<small>${count(trace.inputTokens ?? 0)} in, ${count(trace.outputTokens ?? 0)} out</small>
      <//>`
      }
      ${trace.costUsd !== null && html`<${Fact} name="Cost">${cost(trace.costUsd)}<//>`}
      ${["environment", "userId", "sessionId", "threadId"].map(
        (field) => html`<${Whose} key=${field} field=${field}
        value=${trace[field]} />`,
      )}
    </dl>
  </header>`;
}

/** @param {any} trace @param {import("../parts/download.js").Format} format */
const downloadSpans = ({ traceId }, format) =>
  download({ records: "spans", format, filter: { traceId: { eq: traceId } } }, `trace-${traceId}`);

function durationWords({ durationMs, startedAt }, now) {
  if (durationMs !== null) return duration(durationMs);
  if (now === null) return "no end yet";
  return `running, ${duration(Math.max(0, Math.round((now - Date.parse(startedAt)) / 1000) * 1000))}`;
}

function Fact({ name, bad, children }) {
  return html`<div class=${bad ? "fact is-bad" : "fact"}><dt>${name}</dt><dd>${children}</dd></div>`;
}

const NAMES = { environment: "Environment", userId: "User", sessionId: "Session", threadId: "Thread" };

/**
 * A field of the trace's context: a session or thread leads to its conversation, the others to the traces that
 * share it.
 */
function Whose({ field, value }) {
  if (value === null) return null;
  const noun = { sessionId: "session", threadId: "thread" }[field];
  const traces = linkTo(["traces"], questionParams({ chips: [{ field, operator: "eq", value }] }));
  const link = noun ? linkTo([noun, value]) : traces;
  return html`<${Fact} name=${NAMES[field]}><a href=${link}
    title=${noun ? `The ${noun} as a conversation` : `All traces of ${value}`}>${value}</a><//>`;
}
