// Cells that lists share.
import { html } from "../html.js";
import { duration } from "../format/numbers.js";
import { clockTime, dayOf, momentWords, zoneName } from "../format/times.js";

export const None = () =>
  html`<span class="none"><span aria-hidden="true">–</span><span class="unseen">none</span></span>`;

export function Started({ at }) {
  return html`<time class="cell-started" role="cell" dateTime=${at}
    title=${`${momentWords(at)} ${zoneName(Date.parse(at))}`}>
    <span>${clockTime(at)}</span><span class="day">${dayOf(at)}</span>
  </time>`;
}

export function DurationCell({ ms, startedAt, longest, isFailed }) {
  // By the square root: milliseconds stay visible beside minutes.
  const share = ms === null || !longest ? 0 : Math.max(0.01, Math.sqrt(ms / longest));
  return html`<span class="cell-duration" role="cell">
    <span>${ms === null ? html`<${Running} startedAt=${startedAt} />` : duration(ms)}</span>
    <span class=${`bar ${isFailed ? "bar-failed" : ""}`}><i style=${{ "--share": share }} /></span>
  </span>`;
}

const Running = ({ startedAt }) =>
  html`<span class="running" title=${`since ${momentWords(startedAt)}`}>running</span>`;
