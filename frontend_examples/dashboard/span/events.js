// What happened during a span, and what it points to.
import { html } from "../html.js";
import { Digits } from "../api/request.js";
import { duration } from "../format/numbers.js";
import { between } from "../format/times.js";
import { linkTo } from "../state/address.js";
import { AttributeTable } from "./attribute-table.js";
import { JsonText } from "./json-text.js";

export function EventList({ events, startedAt }) {
  if (!Array.isArray(events) || !events.length)
    return events === null || Array.isArray(events) ? null : html`<${JsonText} value=${events} />`;
  return html`<details class="panel-section" open>
    <summary><h3>Events</h3><span class="section-count">${events.length}</span></summary>
    <ol class="events">
      ${events.map(
        (event, index) => html`<li key=${index} class=${event?.name === "exception" ? "is-bad" : ""}>
        <p><strong>${event?.name ?? "event"}</strong><span class="event-time">${offsetWords(event, startedAt)}</span>
          </p>
        ${
          event?.attributes &&
          Object.keys(event.attributes).length > 0 &&
          html`<${AttributeTable}
          value=${event.attributes} level="EVENT" title=${event.name} />`
        }
      </li>`,
      )}
    </ol>
  </details>`;
}

export function LinkList({ links }) {
  if (!Array.isArray(links) || !links.length) return null;
  return html`<details class="panel-section" open>
    <summary><h3>Links</h3><span class="section-count">${links.length}</span></summary>
    <ul class="events">
      ${links.map(
        ({ traceId, spanId, attributes }, index) => html`<li key=${index}>
        <a href=${linkTo(["trace", traceId ?? ""], { span: spanId })}>
          Span ${spanId} of trace ${String(traceId).slice(0, 8)}…</a>
        ${
          attributes &&
          Object.keys(attributes).length > 0 &&
          html`<${AttributeTable} value=${attributes} level="LINK"
          title="Link" />`
        }
      </li>`,
      )}
    </ul>
  </details>`;
}

/** When an event happened after its span began: OTLP's nanoseconds, or a time as text. */
function offsetWords(event, startedAt) {
  const { timeUnixNano, timestamp, time } = event ?? {};
  if (timeUnixNano) return after(startedAt, isoOf(timeUnixNano));
  const text = timestamp ?? time;
  return typeof text === "string" && /(Z|[+-]\d\d:\d\d)$/.test(text) ? after(startedAt, text) : "";
}

function after(start, moment) {
  const ms = between(start, moment);
  return `${ms < 0 ? "" : "+"}${duration(ms)}`;
}

function isoOf(nanos) {
  const digits = (nanos instanceof Digits ? nanos.text : String(nanos)).padStart(10, "0");
  const second = new Date(Number(digits.slice(0, -9)) * 1000).toISOString().slice(0, 19);
  return `${second}.${digits.slice(-9)}Z`;
}
