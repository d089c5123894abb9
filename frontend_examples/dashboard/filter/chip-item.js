// One condition: a click on it edits it, and its buttons negate it, join it by "or", and take it away. A link may bring
// one that means nothing for what is listed; it says so, since it filters nothing.
import { html } from "../html.js";
import { momentWords } from "../format/times.js";
import { Icon } from "../parts/icons.js";
import { chipSentence, chipWords } from "../state/filter.js";

export function ChipItem({ chip, isFirst, isEdited, ignoredIn, edit, turn, remove }) {
  const { name, operator, value } = chipWords(chip, momentWords);
  const sentence = chipSentence(chip, momentWords);
  const isOr = !isFirst && chip.or;
  return html`${
    !isFirst &&
    html`<li class="chip-join">
      <button type="button" aria-label=${`${isOr ? "or" : "and"} ${sentence}: make it ${isOr ? "and" : "or"}`}
        onClick=${() => turn({ or: !isOr })}>${isOr ? "or" : "and"}</button>
    </li>`
  }
    <li class=${`chip ${chip.not ? "is-not" : ""} ${isEdited ? "is-edited" : ""} ${ignoredIn ? "is-ignored" : ""}`}>
      <button type="button" class="chip-not" aria-pressed=${Boolean(chip.not)}
        title=${chip.not ? "Take the not away" : "Negate"}
        aria-label=${`Not: ${sentence}`} onClick=${() => turn({ not: !chip.not })}><span aria-hidden="true">≠</span>
          </button>
      <button type="button" class="chip-edit" aria-label=${`Edit: ${sentence}`} onClick=${edit}>
        <span class="chip-field">${name}</span> <span class="chip-operator">${operator}</span>
        ${value && html` <span class="chip-value">${value}</span>`}
        ${ignoredIn && html` <span class="chip-ignored">not a field of ${ignoredIn}</span>`}
      </button>
      <${Remove} words=${sentence} remove=${remove} />
    </li>`;
}

export function SearchItem({ search, remove }) {
  return html`<li class="chip chip-search">
    <span>“${search}”</span>
    <${Remove} words=${`search for ${search}`} remove=${remove} />
  </li>`;
}

function Remove({ words, remove }) {
  return html`<button type="button" class="chip-remove" aria-label=${`Remove: ${words}`} onClick=${remove}>
    <${Icon} name="cross" />
  </button>`;
}
