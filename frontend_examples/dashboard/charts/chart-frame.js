// The frame of every chart: title, figures, axis of time; the pointer shows a stretch, dragging chooses one.
import { html } from "../html.js";
import { axisTime } from "../format/times.js";
import { useDrag } from "../trace/use-drag.js";
import { indexAt, periodOf } from "./series.js";

export function ChartFrame({ title, value, note, isBad, series, hovered, setHovered, choose, isWaiting, children }) {
  const { selection, handlers } = useDrag((from, to) => series.length && choose(periodOf(series, from, to)));
  const hover = (event) => {
    const area = event.currentTarget.getBoundingClientRect();
    setHovered(indexAt(series, (event.clientX - area.left) / area.width));
    handlers.onPointerMove(event);
  };
  return html`<figure class=${`chart ${isWaiting && series.length ? "stale" : ""}`}>
    <figcaption>
      <span class="chart-title">${title}</span>
      <strong class=${isBad ? "is-bad" : ""}>${value}</strong>
      <span class="chart-note">${note}</span>
    </figcaption>
    <div class="plot" ...${handlers} onPointerMove=${hover} onPointerLeave=${() => setHovered(null)}>
      ${series.length ? children : html`<span class="plot-empty">${isWaiting ? "" : "nothing in this time"}</span>`}
      ${hovered !== null && series.length > 0 && html`<span class="plot-at" style=${{ "--from": hovered / series.length, "--to": (hovered + 1) / series.length }} />`}
      ${selection && html`<span class="selection" style=${{ "--from": selection.from, "--to": selection.to }} />`}
    </div>
    <div class="chart-axis" aria-hidden="true">${axis(series)}</div>
  </figure>`;
}

function axis({ from, to, length }) {
  if (!length) return html`<span>${" "}</span>`;
  return [from, (from + to) / 2, to].map((ms) => html`<span key=${ms}>${axisTime(ms, to - from)}</span>`);
}
