// Every duration: time goes right, duration goes up, and the more spans a field holds the stronger it is.
import { html } from "../html.js";
import { duration } from "../format/numbers.js";

export function Heatmap({ series }) {
  const { rows, length } = series;
  const levels = [...new Set(rows.flatMap((row) => row.histogram.filter((bin) => bin.count).map((bin) => bin.from)))].sort((a, b) => a - b);
  if (!levels.length) return html`<span class="plot-empty">nothing has ended</span>`;
  const most = Math.max(...rows.flatMap((row) => row.histogram.map((bin) => bin.count)));
  const placeOf = new Map(levels.map((from, index) => [from, levels.length - 1 - index]));
  const shown = rows.flatMap((row, x) => row.histogram.filter((bin) => bin.count).map((bin) => ({ ...bin, x, y: placeOf.get(bin.from) })));
  const ends = [duration(levels[0]), duration(levels.at(-1))];
  return html`<svg viewBox=${`0 0 ${length} ${levels.length}`} preserveAspectRatio="none" role="img" aria-label=${`Durations through time, from ${ends[0]} to over ${ends[1]}`}>
      ${shown.map(({ x, y, count }) => html`<rect key=${`${x}-${y}`} class="heat" x=${x + 0.04} y=${y + 0.06} width="0.92" height="0.88" style=${{ opacity: 0.16 + (0.84 * Math.log1p(count)) / Math.log1p(most) }} />`)}
    </svg>
    <span class="plot-top" aria-hidden="true">${ends[1]}</span>
    <span class="plot-bottom" aria-hidden="true">${ends[0]}</span>`;
}
