// The fields that tell a selection from the rest, each with the shares of its values on both sides.
import { html } from "../html.js";
import { count, duration, percent } from "../format/numbers.js";
import { Empty } from "../parts/notices.js";
import { AGAINST } from "./baseline.js";
import { Difference } from "./difference.js";

export function Sides({ sides, against }) {
  return html`<dl class="sides">
    <${Side} name="selected" label="Selected" figures=${sides.selected} />
    <${Side} name="other" label=${capital(AGAINST[against])} figures=${sides.other} />
  </dl>`;
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);

function Side({ name, label, figures }) {
  return html`<div class="side"><dt><span class=${`side-key side-${name}`}>${label}</span></dt>
    <dd><strong>${count(figures.count)}</strong>${
      figures.count > 0 &&
      html`<span>p95 ${duration(figures.durationMs.p95)}</span><span>${percent(figures.errorRate)} failed</span>`
    }</dd></div>`;
}

export function Differences({ sides, list, question, subject }) {
  if (!sides.selected.count)
    return html`<${Empty} title="Nothing meets this filter"><p>Choose another selection.</p><//>`;
  if (!sides.other.count)
    return html`<${Empty} title="There is nothing to compare with"><p>Compare with another time, or narrow the
      filter.</p><//>`;
  if (!list.length)
    return html`<${Empty} title="They do not differ"><p>No field or attribute tells the selection from the rest.</p>
      <//>`;
  return html`<ol class="differences" aria-label="Differences">
    ${list.map(
      (difference) => html`<${Difference} key=${`${difference.field.level}-${difference.field.name}`}
      difference=${difference} question=${question} subject=${subject} />`,
    )}
  </ol>`;
}
