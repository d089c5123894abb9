// Values through time, a line for each. Where nothing was measured a line has a gap, and lone values are dashes.
import { html } from "../html.js";
import { roundAbove } from "./series.js";

/** @param {{series: any, lines: {name: string, of: (row: any) => number | null}[], isFilled?: boolean, label: Function}} props */
export function Lines({ series, lines, isFilled, label }) {
  const { rows, length } = series;
  const values = rows.flatMap((row) => lines.map(({ of }) => of(row) ?? 0));
  const top = roundAbove(Math.max(0, ...values));
  const names = lines.map(({ name }) => name).join(", ");
  return html`<svg viewBox=${`0 0 ${length} 100`} preserveAspectRatio="none" role="img" aria-label=${`${names} through time, at most ${label(Math.max(0, ...values))}`}>
      ${lines.map(({ name, of }) => {
        // A lone failure is seen; that nothing failed is no red line.
        const path = pathOf(rows.map(of).map((value) => (isFilled && value === 0 ? null : value)), top);
        return html`<g key=${name} class=${`line line-${name}`}>
          ${isFilled && html`<path class="line-area" d=${path.area} />`}
          <path class="line-stroke" d=${path.stroke} />
        </g>`;
      })}
    </svg>
    <span class="plot-top" aria-hidden="true">${label(top)}</span>`;
}

function pathOf(values, top) {
  const y = (value) => (98 - (value / top) * 96).toFixed(2);
  let stroke = "";
  let area = "";
  values.forEach((value, index) => {
    if (value === null) return;
    const isStart = (values[index - 1] ?? null) === null;
    const isEnd = (values[index + 1] ?? null) === null;
    const x = index + 0.5;
    stroke += isStart && isEnd ? `M${index + 0.2} ${y(value)}h0.6` : `${isStart ? "M" : "L"}${x} ${y(value)}`;
    area += `${isStart ? `M${x} 98L` : "L"}${x} ${y(value)}${isEnd ? `L${x} 98Z` : ""}`;
  });
  return { stroke, area };
}
