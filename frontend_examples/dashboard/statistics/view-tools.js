// What is counted, by what, and beside what.
import { html, useId } from "../html.js";
import { MEASURES } from "./measures.js";
import { groupKey, groupText } from "./view.js";

export function ViewTools({ view, show, fields, canCompare }) {
  const { subject, groups, measure, isCompared } = view;
  const setGroup = (index, text) => {
    const next = [...groups];
    next[index] = groupText(text, fields);
    show({ groups: next.filter(Boolean) });
  };
  return html`<div class="view-tools">
    <label class="select"><span class="unseen">Of</span>
      <select value=${subject} onChange=${(event) => show({ subject: event.currentTarget.value })}>
        <option value="spans">Spans</option><option value="traces">Traces</option>
      </select>
    </label>
    <label class="select"><span class="unseen">Measure</span>
      <select value=${measure} onChange=${(event) => show({ measure: event.currentTarget.value })}>
        ${MEASURES.map(({ name, label }) => html`<option key=${name} value=${name}>${label}</option>`)}
      </select>
    </label>
    ${[...groups, ""].slice(0, 4).map(
      (group, index) => html`<${GroupField} key=${`${index}-${group}`} label=${index ? "then by" : "by"} group=${group}
        fields=${fields} set=${(text) => setGroup(index, text)} />`,
    )}
    <label class="check" title=${canCompare ? "" : "Choose a time first"}>
      <input type="checkbox" checked=${isCompared} disabled=${!canCompare}
        onChange=${(event) => show({ isCompared: event.currentTarget.checked })} /> Previous period
    </label>
  </div>`;
}

function GroupField({ label, group, fields, set }) {
  const id = useId();
  return html`<label class="group-field">${label}
    <input list=${id} value=${group ? groupKey(group).field : ""} placeholder="field or attribute" spellcheck=${false}
      onChange=${(event) => set(event.currentTarget.value)} />
    <datalist id=${id}>
      ${fields
        .filter(({ type }) => type !== "JSON" && type !== "TIME")
        .map(
          ({ name, level }) =>
            html`<option key=${`${level}-${name}`}
              value=${name}>${level ? `${level.toLowerCase()} attribute` : ""}</option>`,
        )}
    </datalist>
  </label>`;
}
