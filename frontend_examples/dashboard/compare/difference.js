// One field that differs: its values, with their share of the selection and of the rest.
import { html } from "../html.js";
import { percent } from "../format/numbers.js";
import { linkTo } from "../state/address.js";
import { attributeText } from "../state/filter.js";
import { isOfTrace } from "../state/fields.js";
import { questionParams } from "../state/question.js";

export function Difference({ difference, question, subject }) {
  const { field, values } = difference;
  return html`<li class="difference">
    <h2>${field.name}${field.level && html` <small>${field.level.toLowerCase()} attribute</small>`}</h2>
    <table aria-label=${field.name}>
      <thead class="unseen"><tr><th scope="col">Value</th><th scope="col">Selected</th><th scope="col">All others</th>
        </tr></thead>
      <tbody>${values.map(
        ({ value, selected, other }) => html`<tr key=${String(value)}>
        <th scope="row"><a href=${linkOf(field, value, question, subject)}>${
          value ??
          html`<span
          class="none-key">(none)</span>`
        }</a></th>
        <td><${Share} share=${selected} side="selected" /></td>
        <td><${Share} share=${other} side="other" /></td>
      </tr>`,
      )}</tbody>
    </table>
  </li>`;
}

const Share = ({ share, side }) =>
  html`<span class=${`share share-${side}`}><i style=${{ "--share": share }} /><span>${percent(share)}</span></span>`;

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
