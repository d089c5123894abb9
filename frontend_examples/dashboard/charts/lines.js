// Durations through time, a line for each. Where nothing was measured a line has a gap, and lone values are dashes.
import { html } from "../html.js";
import { duration } from "../format/numbers.js";
import { roundStep } from "../format/steps.js";

/** @param {{series: any, lines: {name: string, of: (row: any) => number | null}[]}} props */
export function Lines({ series, lines }) {
  const { rows, length } = series;
  const values = rows.flatMap((row) => lines.map(({ of }) => of(row) ?? 0));
  const most = Math.max(0, ...values);
  const top = most > 0 ? roundStep(most) : 1;
  const names = lines.map(({ name }) => name).join(", ");
  return html`<svg viewBox=${`0 0 ${length} 100`} preserveAspectRatio="none" role="img"
    aria-label=${`${names} through time, at most ${duration(most)}`}>
      ${lines.map(({ name, of }) => {
        const path = pathOf(rows.map(of), top);
        return html`<g key=${name} class=${`line line-${name}`}>
          <path class="line-stroke" d=${path} />
        </g>`;
      })}
    </svg>
    <span class="plot-top" aria-hidden="true">${duration(top)}</span>`;
}

function pathOf(values, top) {
  const y = (value) => (98 - (value / top) * 96).toFixed(2);
  let stroke = "";
  values.forEach((value, index) => {
    if (value === null) return;
    const isStart = (values[index - 1] ?? null) === null;
    const isEnd = (values[index + 1] ?? null) === null;
    const x = index + 0.5;
    stroke += isStart && isEnd ? `M${index + 0.2} ${y(value)}h0.6` : `${isStart ? "M" : "L"}${x} ${y(value)}`;
  });
  return stroke;
}
