// The frame of every chart: title, figures, axis of time. The pointer or the arrow keys show a stretch; dragging, or
// the arrows with Shift and then Enter, choose one.
import { html } from "../html.js";
import { axisTime } from "../format/times.js";
import { useDrag } from "../parts/use-drag.js";
import { indexAt, periodOf } from "./series.js";
import { useKeys } from "./use-keys.js";

/**
 * @param {any} props choose gets the period of a dragged stretch; chooseArea also the height of a dragged rectangle, as
 *   shares from the top; pick gets the index of a stretch that is clicked; labels stand beside the plot, the top
 *   one first
 */
export function ChartFrame(props) {
  const {
    title,
    keys: legend,
    value,
    note,
    words,
    isBad,
    series,
    hovered,
    setHovered,
    isWaiting,
    labels,
    children,
  } = props;
  const { length } = series;
  const { hint = "", choose, chooseArea, pick } = props;
  const take = (from, to, height) => {
    if (!length) return;
    const period = periodOf(series, from, to);
    if (chooseArea && height) chooseArea(period, height);
    else choose(period);
  };
  const click = pick && length ? (share) => pick(indexAt(series, share)) : undefined;
  const drag = useDrag(take, { click });
  const keys = useKeys({ length, at: hovered, setAt: setHovered, choose: (from, to) => take(from, to) });
  const hover = (event) => {
    const area = event.currentTarget.getBoundingClientRect();
    setHovered(indexAt(series, (event.clientX - area.left) / area.width));
    drag.handlers.onPointerMove(event);
  };
  const selection = drag.selection ?? keys.selection;
  const at = hovered !== null && length > 0 ? { from: hovered / length, to: (hovered + 1) / length } : null;
  const selected = selection ? `; ${stretch(series, selection)} selected` : "";
  return html`<figure class=${`chart ${isWaiting && length ? "stale" : ""} ${labels?.length ? "has-labels" : ""}`}>
    <figcaption>
      <span class="chart-title"><span>${title}</span>${legend}</span>
      <strong class=${isBad ? "is-bad" : ""}>${value}</strong>
      <span class="chart-note">${note}</span>
    </figcaption>
    ${
      labels?.length > 0 &&
      html`<div class="plot-labels" aria-hidden="true">${labels.map(
        (label, index) => html`<span
      key=${index}>${label}</span>`,
      )}</div>`
    }
    <div class="plot" ...${drag.handlers} ...${length ? keys.handlers : {}} onPointerMove=${hover}
      onPointerLeave=${() => setHovered(null)}
      role="slider" tabindex=${length ? 0 : -1} aria-label=${`${title} through time`} aria-disabled=${!length}
      aria-valuemin=${0} aria-valuemax=${Math.max(0, length - 1)} aria-valuenow=${hovered ?? Math.max(0, length - 1)}
      aria-valuetext=${length ? `${stretch(series, at)}: ${words}${selected}` : "nothing"}
      aria-description=${`Shift and the arrow keys select a stretch of time, Enter chooses it. ${hint}`.trim()}>
      ${length ? children : html`<span class="plot-empty">${isWaiting ? "" : "nothing in this time"}</span>`}
      ${at && html`<span class="plot-at" style=${{ "--from": at.from, "--to": at.to }} />`}
      ${
        selection &&
        html`<span class=${`selection ${chooseArea && selection.height ? "is-area" : ""}`}
        style=${boundsOf(selection)} />`
      }
    </div>
    <div class="chart-axis" aria-hidden="true">${axis(series)}</div>
  </figure>`;
}

/** @param {{from: number, to: number, height?: {from: number, to: number}}} selection */
const boundsOf = ({ from, to, height }) => ({
  "--from": from,
  "--to": to,
  "--top": height?.from ?? 0,
  "--bottom": height?.to ?? 1,
});

/** A part of the time in words; all of it where no part is meant. */
function stretch({ from, to }, part) {
  const moment = (share) => axisTime(from + share * (to - from), Math.min(to - from, 86_400_000));
  return `${moment(part?.from ?? 0)} to ${moment(part?.to ?? 1)}`;
}

function axis({ from, to, length }) {
  if (!length) return html`<span>${" "}</span>`;
  return [from, (from + to) / 2, to].map((ms) => html`<span key=${ms}>${axisTime(ms, to - from)}</span>`);
}
