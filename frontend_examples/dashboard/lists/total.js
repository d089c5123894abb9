// How many records meet the filter.
import { html } from "../html.js";
import { count } from "../format/numbers.js";

export function Total({ totals, subject, noun }) {
  const value = totals.data?.[subject].totalCount;
  if (value === undefined) return totals.error ? null : html`<strong class="pending">0,000</strong> ${noun}s`;
  return html`<strong class=${totals.loading ? "pending" : ""}>${count(value)}</strong>
    ${" "}${noun}${value === 1 ? "" : "s"}`;
}
