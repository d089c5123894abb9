// The stretch of time that is asked about: one that ends now, one between two moments, or all time.
import { html, useState } from "../html.js";
import { RANGES, RANGE_LABELS } from "../state/question.js";
import { axisTime } from "../format/times.js";
import { Icon } from "./icons.js";

export function PeriodPicker({ period, choose }) {
  const [isEditing, setEditing] = useState(false);
  const isFixed = Boolean(period.from || period.to);
  const pick = (event) => {
    const name = event.currentTarget.value;
    setEditing(name === "custom");
    if (name !== "custom") choose(name ? { range: name } : {});
  };
  return html`<div class="period">
    <label class="select">
      <${Icon} name="clock" />
      <span class="unseen">Time</span>
      <select value=${isEditing || isFixed ? "custom" : period.range ?? ""} onChange=${pick}>
        <option value="">All time</option>
        ${Object.keys(RANGES).map((name) => html`<option key=${name} value=${name}>${RANGE_LABELS[name]}</option>`)}
        <option value="custom">${isFixed && !isEditing ? periodWords(period) : "Between…"}</option>
      </select>
    </label>
    ${isFixed && html`<button type="button" class="button quiet" aria-label="Take the time range away" onClick=${() => (setEditing(false), choose({}))}>
      <${Icon} name="cross" />
    </button>`}
    ${isEditing && html`<${Moments} period=${period} choose=${(chosen) => (setEditing(false), choose(chosen))} />`}
  </div>`;
}

function Moments({ period, choose }) {
  const submit = (event) => {
    event.preventDefault();
    const moment = (name) => utc(event.currentTarget.elements[name].value);
    choose({ from: moment("from"), to: moment("to") });
  };
  return html`<form class="moments" onSubmit=${submit}>
    <label>From <input type="datetime-local" name="from" step="1" defaultValue=${local(period.from)} /></label>
    <label>To <input type="datetime-local" name="to" step="1" defaultValue=${local(period.to)} /></label>
    <button type="submit" class="button primary">Show</button>
  </form>`;
}

function periodWords({ from, to }) {
  const span = from && to ? Date.parse(to) - Date.parse(from) : Infinity;
  const words = (text) => axisTime(Date.parse(text), Math.min(Math.max(span, 86_400_001), 30 * 86_400_000));
  if (!to) return `Since ${words(from)}`;
  return from ? `${words(from)} – ${words(to)}` : `Until ${words(to)}`;
}

const utc = (text) => (text ? new Date(text).toISOString() : undefined);

function local(text) {
  if (!text) return "";
  const date = new Date(text);
  return new Date(date - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
