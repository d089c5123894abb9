// A large JSON value as a tree: what is opened is drawn, a part at a time, so that megabytes open at once. It is
// searched by key and by value.
import { html, useMemo, useState } from "../html.js";
import { Digits } from "../api/request.js";
import { count, plural } from "../format/numbers.js";

const PART = 100;
const FOUND = 200;
const SHORT = 400;
const OPEN_AT_FIRST = 20;

const isBranch = (value) => value !== null && typeof value === "object" && !(value instanceof Digits);

export function JsonTree({ value }) {
  const [text, setText] = useState("");
  const [focus, setFocus] = useState(/** @type {string[]} */ ([]));
  const found = useMemo(() => (text.trim() ? search(value, text.trim().toLowerCase()) : null), [value, text]);
  const open = (path) => {
    setFocus(path);
    setText("");
  };
  return html`<div class="json-tree">
    <input type="search" class="json-find" aria-label="Search in this value" placeholder="Search keys and values"
      value=${text}
      onInput=${(event) => setText(event.currentTarget.value)} />
    ${
      found
        ? html`<p class="json-found"
          role="status">${foundWords(found.length)}</p>
          <ul>${found.map(
            ({ path, leaf }) => html`<li key=${path.join("\u0000")}>
            <button type="button" class="linklike"
              onClick=${() => open(path)}>${pathWords(path)}</button> ${
                leaf !== undefined &&
                html`<${Leaf}
                value=${leaf} />`
              }
          </li>`,
          )}</ul>`
        : html`<${Branch} key=${focus.join("\u0000")} value=${value} focus=${focus} isOpen=${true} />`
    }
  </div>`;
}

/** @param {{value: any, focus: string[], isOpen?: boolean}} props focus: the way to what is to be open */
function Branch({ value, focus, isOpen: isOpenAtFirst = false }) {
  const isList = Array.isArray(value);
  const keys = useMemo(() => (isList ? null : Object.keys(value)), [value]);
  const length = isList ? value.length : keys.length;
  const wanted = focus.length ? (isList ? Number(focus[0]) : keys.indexOf(focus[0])) : -1;
  const [isOpen, setOpen] = useState(isOpenAtFirst || wanted >= 0);
  const [shown, setShown] = useState(Math.max(PART, wanted + OPEN_AT_FIRST));
  const words = isList ? `[ ${plural(length, "entry").replace("entrys", "entries")} ]` : `{ ${plural(length, "key")} }`;
  if (!length) return html`<span class="json-brackets">${isList ? "[]" : "{}"}</span>`;
  return html`<button type="button" class="json-branch" aria-expanded=${isOpen} onClick=${() => setOpen(!isOpen)}>
      <span class=${`caret ${isOpen ? "is-open" : ""}`} />${words}
    </button>
    ${
      isOpen &&
      html`<ul>
      ${Array.from({ length: Math.min(shown, length) }, (_, index) => {
        const key = isList ? index : keys[index];
        return html`<${Entry} key=${key} name=${key} value=${value[key]} focus=${index === wanted ? focus.slice(1) : []}
          isFocus=${index === wanted && focus.length === 1} isList=${isList} />`;
      })}
      ${
        shown < length &&
        html`<li><button type="button" class="button"
        onClick=${() => setShown(shown + 5 * PART)}>${count(length - shown)} more</button></li>`
      }
    </ul>`
    }`;
}

function Entry({ name, value, focus, isFocus, isList }) {
  return html`<li class=${isFocus ? "is-found" : ""}>
    <span class=${isList ? "json-index" : "json-key"}>${name}</span>: ${
      isBranch(value)
        ? html`<${Branch} value=${value}
      focus=${focus} />`
        : html`<${Leaf} value=${value} />`
    }
  </li>`;
}

function Leaf({ value }) {
  const [isWhole, setWhole] = useState(false);
  if (value instanceof Digits) return html`<span class="json-number">${value.text}</span>`;
  if (typeof value !== "string")
    return html`<span class=${value === null ? "json-boolean" : `json-${typeof value}`}>${String(value)}</span>`;
  const isLong = value.length > SHORT;
  const shown = value.slice(0, isLong && !isWhole ? SHORT : 100_000);
  return html`<span class="json-string">${JSON.stringify(shown)}</span>
    ${
      isLong &&
      html`<button type="button" class="linklike"
      onClick=${() => setWhole(!isWhole)}>${isWhole ? "less" : `… ${count(value.length)} characters`}</button>`
    }`;
}

/** Where keys and values hold a text, in the order of the value. */
function search(value, text) {
  const found = [];
  const visit = (part, path) => {
    for (const key of Object.keys(part)) {
      if (found.length >= FOUND) return;
      const next = part[key];
      const here = [...path, key];
      const isKey = !Array.isArray(part) && key.toLowerCase().includes(text);
      if (isBranch(next)) {
        if (isKey) found.push({ path: here });
        visit(next, here);
      } else if (isKey || leafText(next).toLowerCase().includes(text)) found.push({ path: here, leaf: next });
    }
  };
  visit(value, []);
  return found;
}

const leafText = (value) => (value instanceof Digits ? value.text : String(value));

function foundWords(number) {
  if (number === FOUND) return `the first ${FOUND} matches`;
  return `${count(number)} ${number === 1 ? "match" : "matches"}`;
}

const pathWords = (path) => path.map((key) => (/^\d+$/.test(key) ? `[${key}]` : key)).join(" › ");
