// How many, how many failed, how long they took: over the filter, through time. Dragging across a chart sets the time.
import { html, useState } from "../html.js";
import { duration, percent, plural, rate, roughly } from "../format/numbers.js";
import { axisTime } from "../format/times.js";
import { codes } from "../parts/notices.js";
import { Bars } from "./bars.js";
import { ChartFrame } from "./chart-frame.js";
import { Heatmap, heatScale } from "./heatmap.js";
import { Lines } from "./lines.js";
import { RateBars } from "./rate-bars.js";
import { inTime, periodOf } from "./series.js";

/** Of traces a chart counts those in which any span failed; the condition that finds them says the same. */
const FAILED = {
  traces: { words: "with errors", chip: { field: "hasError", operator: "eq", value: "true" } },
  spans: { words: "failed", chip: { field: "status", operator: "eq", value: "ERROR" } },
};

export function ChartRow({ answer, subject, question, choose, change }) {
  const [hovered, setHovered] = useState(null);
  if (answer.error && !answer.data)
    return html`<p class="charts-note">There are no charts: ${codes(answer.error.message)}</p>`;
  const noun = subject.slice(0, -1);
  const series = inTime(answer.data?.rows ?? []);
  const [whole] = answer.data?.whole ?? [];
  const at = series.rows[hovered] ?? whole;
  const frame = { series, hovered, setHovered, choose, isWaiting: answer.loading || !answer.data };
  const failed = FAILED[subject];
  const p = at?.durationMs;
  const latency = p ? `median ${duration(p.p50)}, p95 ${duration(p.p95)}, p99 ${duration(p.p99)}` : "";
  const scale = heatScale(series.rows);
  const showFailed = (index) => {
    if (!series.rows[index]?.errorCount) return;
    const period = periodOf(series, index / series.length, (index + 1) / series.length);
    change({ period, chips: withChips(question.chips, [failed.chip]) });
  };
  const chooseArea = (period, height) => {
    const chips = durationChips(scale, height);
    change({
      period,
      chips: withChips(
        question.chips.filter(({ field }) => field !== "durationMs"),
        chips,
      ),
    });
  };
  return html`<div class="chart-row">
    <${ChartFrame} ...${frame} title=${noun === "trace" ? "Traces" : "Spans"} value=${at ? plural(at.count, noun) : ""}
      note=${at ? rate(at.rate) : ""}
      words=${at ? `${plural(at.count, noun)}, ${at.errorCount} ${failed.words}` : ""}>
      <${Bars} series=${series} words=${failed.words} />
    <//>
    <${ChartFrame} ...${frame} title=${subject === "traces" ? "Traces with errors" : "Failed spans"} pick=${showFailed}
      hint="A click shows those of a stretch." value=${at ? percent(at.errorRate) : ""}
      note=${at ? `${at.errorCount} ${failed.words}` : ""} isBad=${at?.errorCount > 0}
      words=${at ? `${percent(at.errorRate)}, ${at.errorCount} ${failed.words}` : ""}>
      <${RateBars} series=${series} />
    <//>
    <${ChartFrame} ...${frame} title="Latency" value=${p ? duration(p.p50) : ""} note=${p ? "median" : ""}
      keys=${p && html`<${Percentiles} of=${p} />`} words=${latency}>
      <${Lines} series=${series} lines=${PERCENTILES} />
    <//>
    <${ChartFrame} ...${frame} title="Latency heatmap" labels=${scale.labels} chooseArea=${chooseArea}
      value=${series.length ? stretchWords(series, hovered) : ""} words=${latency}>
      <${Heatmap} series=${series} scale=${scale} />
    <//>
  </div>`;
}

const PERCENTILES = ["p99", "p95", "p50"].map((name) => ({
  name,
  of: (row) => (row.durationMs.p50 === null ? null : row.durationMs[name]),
}));

function withChips(chips, added) {
  const isThere = (chip) =>
    chips.some((one) => one.field === chip.field && one.operator === chip.operator && one.value === chip.value);
  return [...chips, ...added.filter((chip) => !isThere(chip))];
}

/** The durations between two heights of the heatmap, as conditions; the whole height is no condition. */
function durationChips({ levels }, { from, to }) {
  const top = Math.floor(from * levels.length);
  const bottom = Math.min(levels.length - 1, Math.floor(to * levels.length - 1e-9));
  const [highest, lowest] = [levels[levels.length - 1 - top], levels[levels.length - 1 - bottom]];
  const chip = (operator, value) => ({ field: "durationMs", operator, value: String(value) });
  if (!highest || !lowest || (top === 0 && bottom === levels.length - 1)) return [];
  return [chip("gte", lowest.from), ...(highest.to === null || top === 0 ? [] : [chip("lt", highest.to)])];
}

function Percentiles({ of }) {
  return html`<span>${["p95", "p99"].map(
    (
      name,
    ) => html`<span key=${name} class=${`key key-${name}`}>${name}<span class="key-value"> ${duration(of[name])}</span>
    </span>`,
  )}</span>`;
}

/** The stretch under the pointer, else the whole. */
function stretchWords({ from, to, starts, step }, hovered) {
  if (hovered === null) return `over ${roughly(to - from)}`;
  const length = to - from;
  return `${axisTime(starts[hovered], length)} – ${axisTime(starts[hovered] + step, Math.min(length, 86_400_000))}`;
}
