// What stands where there is nothing to show: nothing found, not yet there, or an error in the server's own sentence.
import { html } from "../html.js";
import { stored } from "../state/stored.js";
import { Icon } from "./icons.js";

export function Failure({ error, retry }) {
  return html`<div class="notice failure" role="alert">
    <span class="notice-mark"><${Icon} name="cross" /></span>
    <div>
      <strong>${titleOf(error)}</strong>
      <p>${codes(error.message)}</p>
      ${retry && html`<button type="button" class="button" onClick=${retry}>Try again</button>`}
    </div>
  </div>`;
}

const TITLES = {
  UNREACHABLE: "No connection",
  TIMEOUT: "This took too long",
  OVERLOADED: "The server is busy",
  RESOURCE_EXHAUSTED: "The server is at a limit",
  INTERNAL: "Internal server error",
};

const titleOf = ({ code }) => TITLES[code] ?? (code ? "The server refused this" : "This did not work");

/** An error above what was there before it, which stays. */
export function Outdated({ error }) {
  if (!error) return null;
  const isAway = error.code === "UNREACHABLE";
  return html`<p class="outdated" role="alert">
    ${
      isAway
        ? "No connection: this is what was here before. Trying again…"
        : html`${titleOf(error)}: ${codes(error.message)}`
    }
  </p>`;
}

export function Empty({ title, children }) {
  return html`<div class="notice empty">
    <svg class="empty-picture" viewBox="0 0 64 40" aria-hidden="true">
      <rect x="4" y="6" width="56" height="6" rx="3" />
      <rect x="14" y="17" width="34" height="6" rx="3" />
      <rect x="26" y="28" width="16" height="6" rx="3" />
    </svg>
    <div>
      <strong>${title}</strong>
      ${children}
    </div>
  </div>`;
}

/** Rows of the shape that is to come, so that nothing jumps when it does. */
export function Waiting({ rows = 12, label = "Loading…" }) {
  return html`<div class="waiting" role="status">
    <span class="unseen">${label}</span>
    ${Array.from({ length: rows }, (_, index) => html`<div class="waiting-row" key=${index}><i /><i /><i /></div>`)}
  </div>`;
}

/** The boxes of the charts, empty: nothing moves when they come. */
export const EMPTY_CHARTS = html`<div class="chart-row" aria-hidden="true">
  ${[0, 1, 2, 3].map(
    (place) =>
      html`<div class="chart" key=${place}><figcaption /><div class="plot" /><div class="chart-axis">${" "}</div>
        </div>`,
  )}
</div>`;

/** The place of the charts, unless the reader has closed them. */
export function WaitingCharts() {
  return html`<section class="charts" aria-hidden="true">
    <div class="charts-head"><span class="button quiet">${" "}</span></div>
    ${stored("charts-open", true) && EMPTY_CHARTS}
  </section>`;
}

/** The server writes names of fields between backticks. */
export function codes(text) {
  return text.split("`").map((part, index) => (index % 2 ? html`<code>${part}</code>` : part));
}
