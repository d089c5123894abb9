// Conditions as chips, free text, and a stretch of time. One types a field, an operator, a value; each is completed.
import { html } from "../html.js";
import { chipSentence, chipWords } from "../state/filter.js";
import { FilterInput } from "./filter-input.js";
import { Icon } from "./icons.js";
import { PeriodPicker } from "./period-picker.js";

export function FilterBar({ subject, question, filter, change }) {
  const { chips, search, period } = question;
  const without = (index) => chips.filter((_, place) => place !== index);
  const isNarrowed = chips.length > 0 || search;
  return html`<section class="filter-bar" aria-label="Filter">
    <div class="filter-box">
      <${Icon} name="filter" />
      <ul class="chips" aria-label="Conditions">
        ${search && html`<li class="chip chip-search">
          <span>“${search}”</span>
          <${Remove} words=${`search for ${search}`} remove=${() => change({ search: "" })} />
        </li>`}
        ${chips.map((chip, index) => html`<${ChipItem} key=${index} chip=${chip} remove=${() => change({ chips: without(index) })} />`)}
      </ul>
      <${FilterInput}
        subject=${subject}
        filter=${subject === "spans" ? filter : null}
        isFirst=${!isNarrowed}
        add=${(chip) => change({ chips: [...chips, chip] })}
        search=${(text) => change({ search: text })}
        removeLast=${() => (chips.length ? change({ chips: without(chips.length - 1) }) : change({ search: "" }))}
      />
      ${isNarrowed && html`<button type="button" class="button quiet clear" onClick=${() => change({ chips: [], search: "" })}>Clear</button>`}
    </div>
    <${PeriodPicker} period=${period} choose=${(chosen) => change({ period: chosen })} />
  </section>`;
}

function ChipItem({ chip, remove }) {
  const { name, operator, value } = chipWords(chip);
  return html`<li class="chip">
    <span class="chip-field">${name}</span> <span class="chip-operator">${operator}</span>
    ${value && html` <span class="chip-value">${value}</span>`}
    <${Remove} words=${chipSentence(chip)} remove=${remove} />
  </li>`;
}

function Remove({ words, remove }) {
  return html`<button type="button" class="chip-remove" aria-label=${`Remove: ${words}`} onClick=${remove}>
    <${Icon} name="cross" />
  </button>`;
}
