// One field that differs: its values, or where its numbers lie, with their share of the selection and of the rest.
import { html } from "../html.js";
import { count, duration, percent } from "../format/numbers.js";
import { linkTo } from "../state/address.js";
import { isOfTrace } from "../state/fields.js";
import { attributeText } from "../state/filter.js";
import { questionParams } from "../state/question.js";

export function Difference({ difference, question, subject }) {
  const { field, values, bins, also } = difference;
  return html`<li class="difference">
    <h2>${field.name}${field.level && html` <small>${field.level.toLowerCase()} attribute</small>`}${
      also.length > 0 && html` <small title=${also.join(", ")}>also ${firstOf(also)}</small>`
    }</h2>
    ${bins.length > 0 && html`<${Distribution} name=${field.name} bins=${bins} />`}
    ${
      values.length > 0 &&
      html`<table aria-label=${field.name}>
      <thead class="unseen"><tr><th scope="col">Value</th><th scope="col">Selected</th><th scope="col">Others</th></tr>
        </thead>
      <tbody>${values.map(
        ({ value, selected, other }) => html`<tr key=${String(value)}>
        <th scope="row"><a href=${linkOf(field, value, question, subject)} title=${value}>${
          value ?? html`<span class="none-key">(none)</span>`
        }</a></th>
        <td><${Share} share=${selected} side="selected" /><${Share} share=${other} side="other" /></td>
      </tr>`,
      )}</tbody>
    </table>`
    }
  </li>`;
}

const firstOf = (names) => names.slice(0, 2).join(", ") + (names.length > 2 ? ", …" : "");

const Share = ({ share, side }) =>
  html`<span class=${`share share-${side}`}><span class="share-track"><i style=${{ "--share": share }} /></span><span
    class="share-words">${percent(share)}</span></span>`;

/** The selection's shares rise above the line, those of the rest hang below it. */
function Distribution({ name, bins }) {
  const most = Math.max(...bins.flatMap(({ selected, other }) => [selected, other])) || 1;
  const format = /Ms$/.test(name)
    ? duration
    : (value) => (value < 10 ? String(Number(value.toFixed(2))) : count(value));
  const bars = (side, direction) =>
    bins.map((bin, index) => {
      const height = (bin[side] / most) * 48;
      return `M${index + 0.08} ${50 + direction}h0.84v${direction * height}h-0.84z`;
    });
  const words = bins
    .map((bin) => ({ bin, gap: bin.selected - bin.other }))
    .sort((a, b) => b.gap - a.gap)
    .slice(0, 1)
    .map(
      ({ bin }) => `most of all ${format(bin.from)} to ${format(bin.to)}: ${percent(bin.selected)} of the selected,
      ${percent(bin.other)} of the others`,
    );
  return html`<figure class="distribution">
    <svg viewBox=${`0 0 ${bins.length} 102`} preserveAspectRatio="none" role="img" aria-label=${`${name}, ${words}`}>
      <path class="bars-selected" d=${bars("selected", -1).join("")} />
      <path class="bars-other" d=${bars("other", 1).join("")} />
    </svg>
    <figcaption><span>${format(bins[0].from)}</span><span>${format(bins.at(-1).to)}</span></figcaption>
  </figure>`;
}

function linkOf({ name, level }, value, question, subject) {
  const chip = {
    field: name,
    operator: value === null ? "isNull" : "eq",
    value: value === null ? "true" : level ? attributeText(value) : value,
    ...(level && { level }),
    ...(subject === "traces" && !isOfTrace(name, level) && { scope: /** @type {const} */ ("root") }),
  };
  return linkTo([subject], questionParams({ ...question, chips: [...question.chips, chip] }));
}
