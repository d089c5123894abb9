// The groups through time: stacked where their parts add up, else a line for each. Dragging across it sets the time.
import { html, useMemo, useState } from "../html.js";
import { ChartFrame } from "../charts/chart-frame.js";
import { inTime, roundAbove } from "../charts/series.js";
import { axisTime } from "../format/times.js";

/** @param {{rows: any[], measure: import("./measures.js").Measure, choose: Function}} props */
export function GroupChart({ rows, measure, choose }) {
  const [hovered, setHovered] = useState(null);
  const { series, groups } = useMemo(() => grouped(rows), [rows]);
  const drawing = useMemo(() => drawn(groups, series.length, measure), [groups, measure]);
  const at = hovered === null ? null : series.starts[hovered];
  const words = at === null ? "" : axisTime(at, series.to - series.from);
  return html`<div class="group-chart">
    <${ChartFrame} title=${measure.label} value=${words} note="" words=${measure.label} series=${series}
      hovered=${hovered}
      setHovered=${setHovered} choose=${choose}
        labels=${series.length ? [measure.format(drawing.top), "", measure.format(0)] : []}>
      <svg viewBox=${`0 0 ${Math.max(1, series.length)} 100`} preserveAspectRatio="none" role="img"
        aria-label=${`${measure.label} through time`}>
        ${drawing.paths.map(
          (d, index) => html`<path key=${index} d=${d}
          class=${`${measure.isSum ? "stack" : "group-line"} hue-${index}`} />`,
        )}
      </svg>
    <//>
    <ul class="legend" aria-label="Groups in the chart">
      ${groups.map(
        ({ name, values }, index) => html`<li key=${name} class=${`hue-${index}`}>
        <i />${name}${hovered !== null && html` <strong>${measure.format(measure.of(values[hovered]))}</strong>`}
      </li>`,
      )}
    </ul>
  </div>`;
}

/** Rows of groups and buckets as a series for each group, the most important first. */
function grouped(rows) {
  const byName = new Map();
  for (const row of rows) {
    const name = row.isOther ? "all others" : (row.keys ?? []).map((key) => key ?? "(none)").join(", ") || "everything";
    byName.set(name, [...(byName.get(name) ?? []), row]);
  }
  const groups = [...byName].map(([name, values]) => ({ name, values }));
  return { groups, series: inTime(groups[0]?.values ?? []) };
}

function drawn(groups, length, measure) {
  const valueOf = ({ values }, index) => measure.of(values[index]) ?? 0;
  const totals = Array.from({ length }, (_, index) => {
    const values = groups.map((group) => valueOf(group, index));
    return measure.isSum ? values.reduce((sum, value) => sum + value, 0) : Math.max(0, ...values);
  });
  const top = roundAbove(Math.max(0, ...totals));
  const y = (value) => (100 - (value / top) * 100).toFixed(2);
  return {
    top,
    paths: measure.isSum ? stacked(groups, length, valueOf, y) : groups.map((group) => line(group, measure, y)),
  };
}

function stacked(groups, length, valueOf, y) {
  const below = new Array(length).fill(0);
  return groups.map((group) => {
    let d = "";
    for (let index = 0; index < length; index++) {
      const from = below[index];
      below[index] += valueOf(group, index);
      if (below[index] > from) d += `M${index + 0.06} ${y(from)}h0.88V${y(below[index])}h-0.88Z`;
    }
    return d;
  });
}

/** Where nothing was measured the line has a gap, and a lone value is a dash. */
function line({ values }, measure, y) {
  const of = (index) => (values[index] ? measure.of(values[index]) : null);
  return values
    .map((_, index) => {
      if (of(index) === null) return "";
      if (of(index - 1) !== null && index > 0) return `L${index + 0.5} ${y(of(index))}`;
      return of(index + 1) === null || index + 1 === values.length
        ? `M${index + 0.2} ${y(of(index))}h0.6`
        : `M${index + 0.5} ${y(of(index))}`;
    })
    .join("");
}
