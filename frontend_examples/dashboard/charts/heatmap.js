// Every duration: time goes right, duration goes up, and the more spans a field holds the stronger it is.
import { html } from "../html.js";
import { duration } from "../format/numbers.js";

const STRENGTHS = 12;

export function Heatmap({ series }) {
  const { rows, length } = series;
  const bins = rows.flatMap((row, x) => row.histogram.filter((bin) => bin.count).map((bin) => ({ ...bin, x })));
  if (!bins.length) return html`<span class="plot-empty">nothing has ended</span>`;
  const levels = [...new Set(bins.map((bin) => bin.from))].sort((a, b) => a - b);
  const placeOf = new Map(levels.map((from, index) => [from, levels.length - 1 - index]));
  const most = Math.max(...bins.map((bin) => bin.count));
  // Fields of one strength are one path: hundreds of elements would take the browser longer than the server.
  const paths = new Map();
  for (const { x, from, count } of bins) {
    const strength = Math.ceil((STRENGTHS * Math.log1p(count)) / Math.log1p(most)) / STRENGTHS;
    paths.set(strength, `${paths.get(strength) ?? ""}M${x + 0.04} ${placeOf.get(from) + 0.06}h0.92v0.88h-0.92Z`);
  }
  const ends = [duration(levels[0]), duration(levels.at(-1))];
  return html`<svg viewBox=${`0 0 ${length} ${levels.length}`} preserveAspectRatio="none" role="img" aria-label=${`Durations through time, from ${ends[0]} to over ${ends[1]}`}>
      ${[...paths].map(([strength, d]) => html`<path key=${strength} class="heat" d=${d} style=${{ opacity: 0.12 + 0.88 * strength }} />`)}
    </svg>
    <span class="plot-top" aria-hidden="true">${ends[1]}</span>
    <span class="plot-bottom" aria-hidden="true">${ends[0]}</span>`;
}
