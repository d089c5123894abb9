// Why a span failed: the message first, everything else below it.
import { html } from "../html.js";
import { JsonText } from "./json-text.js";

/** @param {{error: import("./errors.js").SpanError | null, statusMessage?: string | null}} props */
export function ErrorBox({ error, statusMessage = null }) {
  if (!error) return null;
  const { name, message, stack, rest } = error;
  const isPlain = !name && !message && !stack && !Object.keys(rest).length;
  return html`<section class="error-box" aria-label="Error">
    <h3>${name ?? "Error"}</h3>
    ${message && html`<p>${message}</p>`}
    ${isPlain && html`<p>It failed, and nothing says why.</p>`}
    ${statusMessage && statusMessage !== message && html`<p>${statusMessage}</p>`}
    ${stack && html`<pre class="stack" tabindex="0">${stack}</pre>`}
    ${Object.keys(rest).length > 0 && html`<${JsonText} value=${rest} />`}
  </section>`;
}
