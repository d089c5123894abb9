// The little of Markdown that models write all the time: code, bold and emphasis. Everything else stays as it is.
import { html } from "../html.js";

export function Prose({ text }) {
  return html`<div class="prose">
    ${text.split(/```(?:\w*\n)?/).map((block, index) => (index % 2 ? html`<pre tabindex="0">${block.trimEnd()}</pre>` : html`<p>${inline(block)}</p>`))}
  </div>`;
}

const MARKS = /\*\*([^*\n]+)\*\*|`([^`\n]+)`|(?<![\w*])\*([^*\s][^*\n]*)\*(?![\w*])/g;

function inline(text) {
  const parts = [];
  let last = 0;
  for (const match of text.trim().matchAll(MARKS)) {
    const [whole, bold, code, emphasis] = match;
    parts.push(text.trim().slice(last, match.index));
    parts.push(bold ? html`<strong>${bold}</strong>` : code ? html`<code>${code}</code>` : html`<em>${emphasis}</em>`);
    last = match.index + whole.length;
  }
  return [...parts, text.trim().slice(last)];
}
