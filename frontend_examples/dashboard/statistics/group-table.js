// A row for each group, with all measures; the chosen one as a bar, and beside the time before.
import { html } from "../html.js";
import { percent } from "../format/numbers.js";
import { linkTo } from "../state/address.js";
import { carried, questionParams } from "../state/question.js";
import { MEASURES, changeOf, changeWords, measureNamed } from "./measures.js";
import { groupKey, rowChips } from "./view.js";

export function GroupTable({ rows, whole, view, question, show }) {
  const { subject, groups } = view;
  const measure = measureNamed(view.measure);
  const most = Math.max(...rows.map((row) => measure.of(row) ?? 0)) || 1;
  const sum = measure.isSum ? measure.of(whole) : null;
  const columns = MEASURES.filter(
    ({ name }) => !["INPUT_TOKENS", "OUTPUT_TOKENS"].includes(name) || name === measure.name,
  );
  return html`<div class="table-box" tabindex="0" role="region" aria-label="Groups">
    <table class="figures" aria-label="Statistics">
      <thead><tr>
        ${groups.map((group) => html`<th scope="col" key=${group}>${groupKey(group).field}</th>`)}
        ${!groups.length && html`<th scope="col">All</th>`}
        ${columns.map(
          ({ name, label }) => html`<th scope="col" key=${name} class="is-number"
            aria-sort=${name === measure.name ? "descending" : "none"}>
            <button type="button" class=${`sort ${name === measure.name ? "is-descending" : ""}`}
              onClick=${() => show({ measure: name })}>${label}</button>
          </th>`,
        )}
        ${view.isCompared && html`<th scope="col" class="is-number">Before</th>`}
      </tr></thead>
      <tbody>
        ${rows.map(
          (row) => html`<tr key=${JSON.stringify([row.keys, row.isOther])} class=${row.isOther ? "is-other" : ""}>
          <${Keys} row=${row} groups=${groups}
            link=${row.isOther ? null : linkOf(question, subject, groups, row.keys)} />
          ${columns.map(
            (
              column,
            ) => html`<td key=${column.name} class=${`is-number ${column.name === measure.name ? "is-chosen" : ""}`}>
            ${column.format(column.of(row))}
            ${
              column.name === measure.name &&
              html`<span class="bar"><i style=${{ "--share": (measure.of(row) ?? 0) / most }} /></span>
              ${sum ? html`<small>${percent((measure.of(row) ?? 0) / sum)}</small>` : ""}`
            }
          </td>`,
          )}
          ${view.isCompared && html`<td class="is-number">${before(row, measure)}</td>`}
        </tr>`,
        )}
      </tbody>
      ${
        groups.length > 0 &&
        html`<tfoot><tr>
        <th scope="row" colspan=${groups.length}>All</th>
        ${columns.map(({ name, of, format }) => html`<td key=${name} class="is-number">${format(of(whole))}</td>`)}
        ${view.isCompared && html`<td />`}
      </tr></tfoot>`
      }
    </table>
  </div>`;
}

function Keys({ row, groups, link }) {
  if (!groups.length) return html`<th scope="row">everything</th>`;
  if (row.isOther) return html`<th scope="row" colspan=${groups.length}>all others</th>`;
  return row.keys.map(
    (key, index) => html`<th scope="row" key=${index}>
    ${index === 0 ? html`<a href=${link}>${keyWords(key)}</a>` : keyWords(key)}
  </th>`,
  );
}

const keyWords = (key) => (key === null ? html`<span class="none-key">(none)</span>` : key || "(empty)");

function before({ previous, ...row }, measure) {
  if (!previous) return "–";
  const [now, then] = [measure.of(row), measure.of(previous)];
  return html`${measure.format(then)} <small>${changeWords(changeOf(now, then))}</small>`;
}

function linkOf(question, subject, groups, keys) {
  const { chips, ...rest } = carried(question, subject);
  return linkTo([subject], questionParams({ ...rest, chips: [...chips, ...rowChips(groups, keys, subject)] }));
}
