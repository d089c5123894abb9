// The share that failed in each stretch; where nothing failed there is nothing to see.
import { html } from "../html.js";
import { percent } from "../format/numbers.js";
import { roundAbove } from "./series.js";

export function RateBars({ series }) {
  const { rows, length } = series;
  const most = Math.max(0, ...rows.map(({ errorRate }) => errorRate ?? 0));
  const top = Math.min(1, roundAbove(most));
  const y = (rate) => (100 - (rate / top) * 100).toFixed(2);
  const bars = rows.map(({ errorRate }, index) => (errorRate ? `M${index + 0.1} 100h0.8V${y(errorRate)}h-0.8Z` : ""));
  const words = `Share that failed through time, at most ${percent(most)}`;
  return html`<svg viewBox=${`0 0 ${length} 100`} preserveAspectRatio="none" role="img" aria-label=${words}>
      <path class="chart-failed" d=${bars.join("")} />
    </svg>
    <span class="plot-top" aria-hidden="true">${percent(top)}</span>`;
}
