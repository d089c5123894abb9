// How many, how many failed, how long they took: over the filter, through time. Dragging across a chart sets the time.
import { html, useState } from "../html.js";
import { duration, percent, plural, rate, roughly } from "../format/numbers.js";
import { axisTime } from "../format/times.js";
import { Bars } from "./bars.js";
import { ChartFrame } from "./chart-frame.js";
import { Heatmap } from "./heatmap.js";
import { Lines } from "./lines.js";
import { inTime } from "./series.js";

export function ChartRow({ answer, noun, choose }) {
  const [hovered, setHovered] = useState(null);
  if (answer.error) return html`<p class="charts-note">There are no charts: ${answer.error.message}</p>`;
  const series = inTime(answer.data?.rows ?? []);
  const [whole] = answer.data?.whole ?? [];
  const at = series.rows[hovered] ?? whole;
  const frame = { series, hovered, setHovered, choose, isWaiting: answer.loading || !answer.data };
  const p = at?.durationMs;
  const latency = p ? `median ${duration(p.p50)}, p95 ${duration(p.p95)}, p99 ${duration(p.p99)}` : "";
  return html`<div class="chart-row">
    <${ChartFrame} ...${frame} title=${`${noun === "trace" ? "Traces" : "Spans"}`} value=${at ? plural(at.count, noun) : ""} note=${at ? rate(at.rate) : ""}
      words=${at ? `${plural(at.count, noun)}, ${at.errorCount} failed` : ""}>
      <${Bars} series=${series} />
    <//>
    <${ChartFrame} ...${frame} title="Error rate" value=${at ? percent(at.errorRate) : ""} note=${at ? `${at.errorCount} failed` : ""} isBad=${at?.errorCount > 0}
      words=${at ? `${percent(at.errorRate)}, ${at.errorCount} failed` : ""}>
      <${Lines} series=${series} lines=${[{ name: "error", of: (row) => row.errorRate }]} isFilled=${true} label=${percent} />
    <//>
    <${ChartFrame} ...${frame} title="Latency" value=${p ? duration(p.p50) : ""} note=${p ? html`<${Percentiles} of=${p} />` : ""} words=${latency}>
      <${Lines} series=${series} lines=${PERCENTILES} label=${duration} />
    <//>
    <${ChartFrame} ...${frame} title="Latency heatmap" value=${series.length ? stretchWords(series, hovered) : ""} words=${latency}>
      <${Heatmap} series=${series} />
    <//>
  </div>`;
}

const PERCENTILES = ["p99", "p95", "p50"].map((name) => ({ name, of: (row) => row.durationMs.p50 === null ? null : row.durationMs[name] }));

function Percentiles({ of }) {
  return html`median <span class="key key-p95">p95 ${duration(of.p95)}</span> <span class="key key-p99">p99 ${duration(of.p99)}</span>`;
}

/** The stretch under the pointer, else the whole. */
function stretchWords({ from, to, starts, step }, hovered) {
  if (hovered === null) return `over ${roughly(to - from)}`;
  const length = to - from;
  return `${axisTime(starts[hovered], length)} – ${axisTime(starts[hovered] + step, Math.min(length, 86_400_000))}`;
}
