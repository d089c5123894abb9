// How many in each stretch, and how many of them failed.
import { html } from "../html.js";
import { plural, short } from "../format/numbers.js";
import { roundAbove } from "./series.js";

export function Bars({ series, words }) {
  const { rows, length } = series;
  const top = roundAbove(Math.max(...rows.map((row) => row.count)));
  const sum = rows.reduce((total, row) => total + row.count, 0);
  const failed = rows.reduce((total, row) => total + row.errorCount, 0);
  // One path for all bars: a chart of forty elements would take the browser longer than the server.
  const bar = (index, from, to) => (to > from ? `M${index + 0.1} ${y(from)}h0.8V${y(to)}h-0.8Z` : "");
  const y = (value) => (100 - (value / top) * 100).toFixed(2);
  const fine = rows.map((row, index) => bar(index, row.errorCount, row.count)).join("");
  const bad = rows.map((row, index) => bar(index, 0, row.errorCount)).join("");
  return html`<svg viewBox=${`0 0 ${length} 100`} preserveAspectRatio="none" role="img"
    aria-label=${`${plural(sum, "record")} in ${length} stretches of time, ${failed} ${words}`}>
      <path class="chart-count" d=${fine} />
      <path class="chart-failed" d=${bad} />
    </svg>
    <span class="plot-top" aria-hidden="true">${short(top)}</span>`;
}
