// Text of a model as it was meant: its Markdown as elements, and what was searched for marked.
import { html } from "../html.js";
import { LongText } from "../parts/long-text.js";
import { blocksOf } from "./markdown.js";

/** @param {{text: string, marked?: string}} props */
export function Prose({ text, marked = "" }) {
  const show = (part) =>
    html`<div class="prose">${blocksOf(part).map(
      (block, index) => html`<${Block} key=${index} block=${block}
      marked=${marked} />`,
    )}</div>`;
  return html`<${LongText} text=${text} show=${show} />`;
}

function Block({ block, marked }) {
  const { kind, text, items, rows } = block;
  if (kind === "code") return html`<pre tabindex="0">${text}</pre>`;
  if (kind === "heading")
    return html`<p class=${`prose-heading is-${block.level}`} role="heading"
      aria-level=${Math.min(6, block.level + 3)}>${inline(text, marked)}</p>`;
  if (kind === "rule") return html`<hr />`;
  if (kind === "quote") return html`<blockquote>${inline(text, marked)}</blockquote>`;
  if (kind === "table")
    return html`<div class="prose-table" tabindex="0"><table>
    <thead><tr>${rows[0].map((cell, index) => html`<th key=${index} scope="col">${inline(cell, marked)}</th>`)}</tr>
      </thead>
    <tbody>${rows.slice(1).map(
      (cells, index) =>
        html`<tr key=${index}>${cells.map(
          (cell, place) => html`<td
      key=${place}>${inline(cell, marked)}</td>`,
        )}</tr>`,
    )}</tbody>
  </table></div>`;
  if (kind === "list") {
    const entries = items.map(
      (item, index) => html`<li key=${index} class=${`is-depth-${item.depth}`}>${inline(item.text, marked)}</li>`,
    );
    return block.isOrdered ? html`<ol start=${block.start}>${entries}</ol>` : html`<ul>${entries}</ul>`;
  }
  return html`<p>${inline(text, marked)}</p>`;
}

const MARKS =
  /\*\*([^*\n]+)\*\*|`([^`\n]+)`|(?<![\w*])\*([^*\s][^*\n]*)\*(?![\w*])|\[([^\]\n]+)\]\((https?:\/\/[^\s)]+)\)/g;

function inline(text, marked) {
  const parts = [];
  let last = 0;
  for (const match of text.matchAll(MARKS)) {
    parts.push(highlighted(text.slice(last, match.index), marked), element(match, marked));
    last = match.index + match[0].length;
  }
  return [...parts, highlighted(text.slice(last), marked)];
}

function element([, bold, code, emphasis, label, link], marked) {
  if (bold) return html`<strong>${highlighted(bold, marked)}</strong>`;
  if (code) return html`<code>${highlighted(code, marked)}</code>`;
  if (link) return html`<a href=${link} target="_blank" rel="noopener noreferrer">${label}</a>`;
  return html`<em>${highlighted(emphasis, marked)}</em>`;
}

function highlighted(text, marked) {
  if (!marked) return text;
  const lower = text.toLowerCase();
  const wanted = marked.toLowerCase();
  const parts = [];
  let last = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, last)) {
    parts.push(text.slice(last, at), html`<mark>${text.slice(at, at + wanted.length)}</mark>`);
    last = at + wanted.length;
  }
  return [...parts, text.slice(last)];
}
