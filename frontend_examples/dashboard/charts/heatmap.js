// Every duration: time goes right, duration goes up by powers of two, and the more spans a field holds the stronger
// it is.
import { html } from "../html.js";
import { duration } from "../format/numbers.js";

const STRENGTHS = 12;

/**
 * The levels of duration from the shortest to the longest that occur, without gaps; what took no time is a level of its
 * own below them.
 * @returns {{levels: {from: number, to: number | null}[], labels: string[]}}
 */
export function heatScale(rows) {
  const occupied = rows.flatMap((row) => row.histogram.filter((bin) => bin.count));
  if (!occupied.length) return { levels: [], labels: [] };
  const all = new Map(rows.flatMap((row) => row.histogram.map((bin) => [bin.from, bin])));
  const timed = occupied.filter(({ from }) => from > 0).map(({ from }) => from);
  const [least, most] = timed.length ? [Math.min(...timed), Math.max(...timed)] : [1, 0];
  const zero = occupied.find(({ from }) => from === 0);
  const between = [...all.values()].filter(({ from }) => from >= least && from <= most).sort((a, b) => a.from - b.from);
  const levels = [...(zero ? [zero] : []), ...between].map(({ from, to }) => ({ from, to }));
  return {
    levels,
    labels: [levels.at(-1), levels[Math.floor(levels.length / 2)], levels[0]].map(({ from }) => roughly(from)),
  };
}

/** Powers of two as people say them: `33 s`, not `32.77 s`. */
const roughly = (ms) => duration(Number(ms.toPrecision(2)));

export function Heatmap({ series, scale }) {
  const { rows, length } = series;
  const { levels } = scale;
  if (!levels.length) return html`<span class="plot-empty">nothing has ended</span>`;
  const rowOf = new Map(levels.map(({ from }, index) => [from, levels.length - 1 - index]));
  const bins = rows.flatMap((row, x) => row.histogram.filter((bin) => bin.count).map((bin) => ({ ...bin, x })));
  const most = Math.max(...bins.map((bin) => bin.count));
  // Fields of one strength are one path: hundreds of elements would take the browser longer than the server.
  const paths = new Map();
  for (const { x, from, count } of bins) {
    const strength = Math.ceil((STRENGTHS * Math.log1p(count)) / Math.log1p(most)) / STRENGTHS;
    paths.set(strength, `${paths.get(strength) ?? ""}M${x + 0.04} ${rowOf.get(from) + 0.06}h0.92v0.88h-0.92Z`);
  }
  const words = `Durations through time, from ${roughly(levels[0].from)} to over ${roughly(levels.at(-1).from)}`;
  return html`<svg viewBox=${`0 0 ${length} ${levels.length}`} preserveAspectRatio="none" role="img"
    aria-label=${words}>
    ${[...paths].map(
      ([strength, d]) =>
        html`<path key=${strength} class="heat" d=${d} style=${{ opacity: 0.12 + 0.88 * strength }} />`,
    )}
  </svg>`;
}
