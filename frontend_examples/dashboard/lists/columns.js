// The columns of the lists: which there are, how wide, what they sort by, and which of them are shown.
import { html } from "../html.js";
import { cost, count, duration, short } from "../format/numbers.js";
import { clockTime, dayOf, momentWords, zoneName } from "../format/times.js";
import { stored, store } from "../state/stored.js";

/**
 * @typedef {{id: string, label: string, width: string, order?: string, isExtra?: boolean, isNumber?: boolean,
 *   cell: (node: any, list: {longest: number}) => any}} Column
 */

export const None = () =>
  html`<span class="none"><span aria-hidden="true">–</span><span class="unseen">none</span></span>`;

function Started({ at }) {
  return html`<time class="cell-started" role="cell" dateTime=${at}
    title=${`${momentWords(at)} ${zoneName(Date.parse(at))}`}>
    <span>${clockTime(at)}</span><span class="day">${dayOf(at)}</span>
  </time>`;
}

function DurationCell({ ms, startedAt, longest, isFailed }) {
  // By the square root: milliseconds stay visible beside minutes.
  const share = ms === null || !longest ? 0 : Math.max(0.01, Math.sqrt(ms / longest));
  return html`<span class="cell-duration" role="cell">
    <span>${ms === null ? html`<${Running} startedAt=${startedAt} />` : duration(ms)}</span>
    <span class=${`bar ${isFailed ? "bar-failed" : ""}`}><i style=${{ "--share": share }} /></span>
  </span>`;
}

const Running = ({ startedAt }) =>
  html`<span class="running" title=${`since ${momentWords(startedAt)}`}>running</span>`;

const text = (id, label, width = "minmax(80px, 150px)") => ({
  id,
  label,
  width,
  isExtra: true,
  cell: (node) => html`<span class="cell-text" role="cell" title=${node[id]}>${node[id] ?? html`<${None} />`}</span>`,
});

const STARTED = {
  id: "startedAt",
  label: "Started",
  width: "118px",
  order: "STARTED_AT",
  cell: (node) => html`<${Started} at=${node.startedAt} />`,
};

const DURATION = {
  id: "durationMs",
  label: "Duration",
  width: "minmax(120px, 220px)",
  order: "DURATION",
  cell: (node, { longest }) =>
    html`<${DurationCell} ms=${node.durationMs} startedAt=${node.startedAt} longest=${longest}
      isFailed=${node.status === "ERROR"} />`,
};

const TOKENS = {
  id: "totalTokens",
  label: "Tokens",
  width: "84px",
  order: "TOTAL_TOKENS",
  isNumber: true,
  cell: ({ totalTokens }) => html`<span class="cell-number cell-tokens" role="cell">
    ${totalTokens === null ? html`<${None} />` : html`${short(totalTokens)}<span class="unit"> tokens</span>`}
  </span>`,
};

const COST = {
  id: "costUsd",
  label: "Cost",
  width: "72px",
  order: "COST",
  isNumber: true,
  cell: ({ costUsd }) =>
    html`<span class="cell-number cell-cost"
      role="cell">${costUsd === null ? html`<${None} />` : cost(costUsd)}</span>`,
};

const SPANS = {
  id: "spanCount",
  label: "Spans",
  width: "96px",
  order: "SPAN_COUNT",
  isNumber: true,
  cell: ({ spanCount, errorCount }) => html`<span class="cell-number cell-spans" role="cell">
    <span>${count(spanCount)}<span class="unit"> ${spanCount === 1 ? "span" : "spans"}</span></span>
    ${errorCount > 0 && html`<span class="errors">${count(errorCount)} failed</span>`}
  </span>`,
};

const TYPE = {
  id: "type",
  label: "Type",
  width: "minmax(96px, 152px)",
  cell: ({ type }) => html`<span class="cell-type" role="cell"><span class="tag">${type}</span></span>`,
};

/** @type {Record<string, Column[]>} */
export const COLUMNS = {
  traces: [
    text("environment", "Environment"),
    text("userId", "User"),
    text("sessionId", "Session"),
    text("threadId", "Thread"),
    STARTED,
    DURATION,
    SPANS,
    TOKENS,
    COST,
  ],
  spans: [text("serviceName", "Service"), text("model", "Model"), STARTED, DURATION, TYPE, TOKENS, COST],
};

/** The columns that are shown unless somebody chose others. */
const usual = (subject) => COLUMNS[subject].filter(({ isExtra }) => !isExtra).map(({ id }) => id);

export function shownColumns(subject) {
  const ids = stored(`columns-${subject}`, usual(subject));
  return COLUMNS[subject].filter(({ id }) => ids.includes(id));
}

export function toggleColumn(subject, id) {
  const ids = shownColumns(subject).map((column) => column.id);
  store(`columns-${subject}`, ids.includes(id) ? ids.filter((each) => each !== id) : [...ids, id]);
}

export const isDense = () => stored("density", /** @type {string} */ ("roomy")) === "dense";

export const setDense = (value) => store("density", value ? "dense" : "roomy");
