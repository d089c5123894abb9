// How many in each stretch, and how many of them failed.
import { html } from "../html.js";
import { plural, short } from "../format/numbers.js";
import { roundAbove } from "./series.js";

export function Bars({ series, hovered }) {
  const { rows, length } = series;
  const top = roundAbove(Math.max(...rows.map((row) => row.count)));
  const sum = rows.reduce((total, row) => total + row.count, 0);
  const failed = rows.reduce((total, row) => total + row.errorCount, 0);
  return html`<svg viewBox=${`0 0 ${length} 100`} preserveAspectRatio="none" role="img" aria-label=${`${plural(sum, "record")} in ${length} stretches of time, ${failed} failed`}>
      ${rows.map((row, index) => {
        const height = (row.count / top) * 100;
        const bad = (row.errorCount / top) * 100;
        return html`<g key=${index} class=${index === hovered ? "is-at" : ""}>
          <rect class="chart-count" x=${index + 0.1} width="0.8" y=${100 - height} height=${height - bad} />
          <rect class="chart-failed" x=${index + 0.1} width="0.8" y=${100 - bad} height=${bad} />
        </g>`;
      })}
    </svg>
    <span class="plot-top" aria-hidden="true">${short(top)}</span>`;
}
