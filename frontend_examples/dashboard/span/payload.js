// What went in and what came out: as a conversation where it is one, else as JSON.
import { html } from "../html.js";
import { CopyButton } from "../parts/copy-button.js";
import { Chat } from "../messages/chat.js";
import { JsonText, printed } from "./json-text.js";
import { inputMessages, outputMessages } from "../messages/messages.js";

export function Payload({ span }) {
  const question = inputMessages(span.input);
  // What answers a conversation is a turn of it, even as bare text.
  const answer = outputMessages(question && typeof span.output === "string" ? { text: span.output } : span.output);
  return html`<${Side} title="Input" value=${span.input} messages=${question} />
    <${Side} title="Output" value=${span.output} messages=${answer} />`;
}

function Side({ title, value, messages }) {
  if (value === null) return null;
  return html`<details class="panel-section" open>
    <summary><h3>${title}</h3>${
      messages?.length > 1 &&
      html`<span
      class="section-count">${messages.length} messages</span>`
    }</summary>
    <div class="payload">
      ${messages ? html`<${Chat} messages=${messages} />` : html`<${JsonText} value=${value} />`}
      <${CopyButton} text=${() => (typeof value === "string" ? value : printed(value))}
        label=${`Copy ${title.toLowerCase()}`} quiet=${true} />
    </div>
  </details>`;
}
