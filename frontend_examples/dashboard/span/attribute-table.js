// Keys and values, each with a link to the spans that share it.
import { html } from "../html.js";
import { Digits } from "../api/request.js";
import { linkTo } from "../state/address.js";
import { attributeText } from "../state/filter.js";
import { columnType } from "../state/fields.js";
import { questionParams } from "../state/question.js";
import { Icon } from "../parts/icons.js";
import { LongText } from "../parts/long-text.js";
import { JsonText } from "./json-text.js";

/** `level` is where attributes are found; null for columns, undefined for what cannot be asked about. */
export function AttributeTable({ value, level, title }) {
  if (typeof value !== "object" || Array.isArray(value) || value instanceof Digits)
    return html`<${JsonText} value=${value} />`;
  return html`<table class="attributes">
    <caption class="unseen">${title}</caption>
    <tbody>
      ${Object.entries(value).map(([key, one]) =>
        isStack(one)
          ? html`<tr key=${key}><td colspan="2" class="is-stack"><span class="attribute-key">${key}</span>
              <pre class="stack" tabindex="0">${one}</pre></td></tr>`
          : html`<tr key=${key}>
              <th scope="row">${key}</th>
              <td><${Value} value=${one} /><${FilterLink} name=${key} value=${one} level=${level} /></td>
            </tr>`,
      )}
    </tbody>
  </table>`;
}

/** A stack trace needs its columns, and the whole width. */
const isStack = (value) =>
  typeof value === "string" && value.includes("\n") && /^\s+(at |File ")|Traceback/m.test(value);

function Value({ value }) {
  if (typeof value === "string")
    return html`<span class="attribute-text"><${LongText} text=${value} show=${(part) => part} /></span>`;
  if (value instanceof Digits) return html`<span class="json-number">${value.text}</span>`;
  if (value === null || typeof value !== "object")
    return html`<span class=${`json-${typeof value}`}>${String(value)}</span>`;
  return html`<${JsonText} value=${value} />`;
}

function FilterLink({ name, value, level }) {
  const isPlain = ["string", "number", "boolean"].includes(typeof value) && String(value).length <= 500;
  // A key that begins with a slash would be read as a JSON Pointer.
  if (level === undefined || !isPlain || (level && name.startsWith("/"))) return null;
  if (!level && ["TIME", "ENUM"].includes(columnType(name))) return null;
  const chip = {
    field: name,
    operator: "eq",
    value: level ? attributeText(value) : String(value),
    ...(level && { level }),
  };
  const link = linkTo(["spans"], questionParams({ chips: [chip] }));
  return html`<a class="filter-link" href=${link} aria-label=${`Find spans with this ${name}`}
    title="Find spans with this value"><${Icon} name="filter" /></a>`;
}
