// Conditions as chips, free text, and a period. One types a field, an operator, a value; each is completed.
import { html, useState } from "../html.js";
import { ChipItem, SearchItem } from "./chip-item.js";
import { FilterInput } from "./filter-input.js";
import { Icon } from "../parts/icons.js";
import { PeriodPicker } from "./period-picker.js";
import { applies } from "../state/filter.js";

/**
 * @param {{subject: "traces" | "spans", question: import("../state/question.js").Question, filter: object,
 *   change: (part: Partial<import("../state/question.js").Question>) => void}} props
 */
export function FilterBar({ subject, question, filter, change }) {
  const { chips, search, period } = question;
  const [edited, setEdited] = useState(null);
  const without = (index) => chips.filter((_, place) => place !== index);
  const put = (chip) => {
    setEdited(null);
    if (edited === null) return change({ chips: [...chips, chip] });
    return change({ chips: chips.map((old, place) => (place === edited ? { ...chip, or: old.or } : old)) });
  };
  const turn = (index, part) =>
    change({ chips: chips.map((chip, place) => (place === index ? { ...chip, ...part } : chip)) });
  const isNarrowed = chips.length > 0 || search;
  return html`<section class="filter-bar" aria-label="Filter">
    <div class="filter-box">
      <${Icon} name="filter" />
      <ul class="chips" aria-label="Conditions">
        ${search && html`<${SearchItem} search=${search} remove=${() => change({ search: "" })} />`}
        ${chips.map(
          (
            chip,
            index,
          ) => html`<${ChipItem} key=${index} chip=${chip} isFirst=${index === 0} isEdited=${index === edited}
            ignoredIn=${applies(chip, subject) ? "" : subject} edit=${() => setEdited(index)}
            turn=${(part) => turn(index, part)} remove=${() => change({ chips: without(index) })} />`,
        )}
      </ul>
      <${FilterInput} key=${edited ?? "new"}
        subject=${subject}
        question=${question}
        filter=${filter}
        edited=${edited === null ? null : chips[edited]}
        isFirst=${!isNarrowed}
        add=${put}
        leave=${() => setEdited(null)}
        search=${(text) => change({ search: text })}
        removeLast=${() => (chips.length ? change({ chips: without(chips.length - 1) }) : change({ search: "" }))}
      />
      ${
        isNarrowed &&
        html`<button type="button" class="button quiet clear"
          onClick=${() => change({ chips: [], search: "" })}>Clear</button>`
      }
    </div>
    <${PeriodPicker} period=${period} choose=${(chosen) => change({ period: chosen })} />
  </section>`;
}
