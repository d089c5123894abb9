// The period that is asked about: one that ends now, one between two moments, or all time; and the zone of all times.
import { html, useLayoutEffect, useRef, useState } from "../html.js";
import { axisTime, fieldText, parseMoment, showUtc, showsUtc, zoneName } from "../format/times.js";
import { Icon } from "../parts/icons.js";
import { RANGES, RANGE_LABELS } from "../state/question.js";

/** @param {{period: import("../state/question.js").Period, choose: Function}} props */
export function PeriodPicker({ period, choose }) {
  const [isEditing, setEditing] = useState(false);
  const isFixed = Boolean(period.from || period.to);
  const pick = (event) => {
    const name = event.currentTarget.value;
    setEditing(name === "custom");
    if (name !== "custom") choose(name ? { range: name } : {});
  };
  const finish = (chosen) => {
    setEditing(false);
    if (chosen) choose(chosen);
  };
  return html`<div class="period">
    <label class="select">
      <${Icon} name="clock" />
      <span class="unseen">Time</span>
      <select value=${isEditing || isFixed ? "custom" : (period.range ?? "")} onChange=${pick}>
        <option value="">All time</option>
        ${Object.keys(RANGES).map((name) => html`<option key=${name} value=${name}>${RANGE_LABELS[name]}</option>`)}
        <option value="custom">${isFixed && !isEditing ? periodWords(period) : "Between…"}</option>
      </select>
    </label>
    ${
      isFixed &&
      html`<button type="button" class="button quiet" aria-label="Take the time range away" onClick=${() => finish({})}>
      <${Icon} name="cross" />
    </button>`
    }
    <${ZoneButton} />
    ${isEditing && html`<${Moments} period=${period} finish=${finish} />`}
  </div>`;
}

/** Names the zone of all times on the page, and changes it. */
function ZoneButton() {
  const change = () => {
    showUtc(!showsUtc());
    dispatchEvent(new Event("hashchange"));
  };
  const other = showsUtc() ? "local times" : "UTC";
  return html`<button type="button" class="button quiet zone" aria-label=${`Times are in ${zoneName()}; show ${other}`}
    title=${`Show ${other}`} onClick=${change}>${zoneName()}</button>`;
}

function Moments({ period, finish }) {
  const form = useRef(null);
  const [refusal, setRefusal] = useState("");
  useLayoutEffect(() => {
    form.current.elements.from.focus();
    // A click beside the form closes it, and does nothing else.
    const onClick = (event) => {
      if (form.current.contains(event.target) || event.target.closest(".period")) return;
      event.preventDefault();
      event.stopPropagation();
      finish(null);
    };
    // Wherever the focus is: it may still be on the list that opened the form.
    const onKeyDown = (event) => event.key === "Escape" && finish(null);
    addEventListener("click", onClick, true);
    addEventListener("keydown", onKeyDown);
    return () => {
      removeEventListener("click", onClick, true);
      removeEventListener("keydown", onKeyDown);
    };
  }, []);
  const submit = (event) => {
    event.preventDefault();
    const [from, to] = ["from", "to"].map((name) => parseMoment(form.current.elements[name].value) ?? undefined);
    if (from && to && from >= to) return setRefusal("The beginning has to be before the end.");
    return finish({ from, to });
  };
  return html`<form class="moments" ref=${form} aria-label="Between two moments" onSubmit=${submit}>
    <label>From, ${zoneName()} <input type="datetime-local" name="from" step="1"
      defaultValue=${fieldText(period.from)} /></label>
    <label>To, ${zoneName()} <input type="datetime-local" name="to" step="1" defaultValue=${fieldText(period.to)} />
      </label>
    ${refusal && html`<p class="refusal" role="alert">${refusal}</p>`}
    <button type="submit" class="button primary">Show</button>
  </form>`;
}

/** @param {import("../state/question.js").Period} period */
function periodWords({ from, to }) {
  const span = from && to ? Date.parse(to) - Date.parse(from) : Infinity;
  const words = (text) => axisTime(Date.parse(text), Math.min(Math.max(span, 86_400_001), 30 * 86_400_000));
  if (!to) return `Since ${words(from)}`;
  return from ? `${words(from)} – ${words(to)}` : `Until ${words(to)}`;
}
