// A text of any length: its beginning, and more of it on demand, so that no text can freeze the page.
import { html, useState } from "../html.js";
import { count } from "../format/numbers.js";

const FIRST = 5_000;
const MORE = 50_000;

/** @param {{text: string, show?: (text: string) => any}} props show: how the text is drawn */
export function LongText({ text, show = (part) => html`<pre>${part}</pre>` }) {
  const [length, setLength] = useState(FIRST);
  const isLong = text.length > FIRST * 1.2;
  const rest = text.length - length;
  if (!isLong || rest <= 0) return show(text);
  return html`${show(text.slice(0, length))}
    <p class="long-more">
      <button type="button" class="button" onClick=${() => setLength(length + MORE)}>
        ${rest > MORE ? `${count(MORE)} more` : "The rest"} of ${count(text.length)} characters
      </button>
    </p>`;
}
