// How many, how many failed, how long they took: over the filter, through time. Dragging across a chart sets the time.
import { html, useEffect, useState } from "../html.js";
import { SPAN_STATS, TRACE_STATS } from "../api/documents.js";
import { duration, percent, plural, rate, roughly } from "../format/numbers.js";
import { axisTime } from "../format/times.js";
import { QueryButton } from "../parts/query-dialog.js";
import { useQuery } from "../state/use-query.js";
import { Bars } from "./bars.js";
import { ChartFrame } from "./chart-frame.js";
import { Heatmap } from "./heatmap.js";
import { Lines } from "./lines.js";
import { inTime } from "./series.js";

const BUCKETS = 48;

/** @param {{subject: "traces" | "spans", filter: object, choose: (period: {from: string, to: string}) => void, pulse: number, isReady: boolean}} props pulse: another number asks anew */
export function Charts({ subject, filter, choose, pulse, isReady }) {
  const query = subject === "traces" ? TRACE_STATS : SPAN_STATS;
  const variables = { filter, buckets: BUCKETS };
  const [isOpen, setOpen] = useState(recalled());
  const answer = useQuery(isOpen && isReady ? query : null, variables);
  useEffect(() => {
    if (pulse) answer.reload();
  }, [pulse]);
  const toggle = () => (remember(!isOpen), setOpen(!isOpen));
  return html`<section class="charts" aria-label="Charts">
    <div class="charts-head">
      <button type="button" class="button quiet" aria-expanded=${isOpen} onClick=${toggle}>
        <span class=${`caret ${isOpen ? "is-open" : ""}`} />Charts
      </button>
      ${isOpen && html`<${QueryButton} query=${query} variables=${variables} quiet=${true} />`}
    </div>
    ${isOpen && html`<${ChartRow} answer=${answer} noun=${subject.slice(0, -1)} choose=${choose} />`}
  </section>`;
}

function ChartRow({ answer, noun, choose }) {
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

function recalled() {
  try {
    return localStorage.getItem("spanwell-charts") !== "closed";
  } catch {
    return true;
  }
}

function remember(isOpen) {
  try {
    localStorage.setItem("spanwell-charts", isOpen ? "open" : "closed");
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}
