// A conversation: who said what, and which tools were called.
import { html, useState } from "../html.js";
import { JsonText } from "../span/json-text.js";
import { Media } from "./media.js";
import { Prose } from "./prose.js";

const NAMES = {
  system: "System",
  developer: "System",
  user: "User",
  human: "User",
  assistant: "Assistant",
  ai: "Assistant",
  tool: "Tool",
};
const SHOWN = 6;

/** @param {{messages: import("./messages.js").Message[], marked?: string}} props marked: a text to mark */
export function Chat({ messages, marked = "" }) {
  const [isWhole, setWhole] = useState(messages.length <= SHOWN + 1);
  const hidden = messages.length - SHOWN;
  // The first message sets the scene and the last ones are the matter; what is between is folded.
  const shown = isWhole ? messages : [messages[0], null, ...messages.slice(1 - SHOWN)];
  return html`<ol class="chat">
    ${shown.map((message, index) =>
      message === null
        ? html`<li key="rest" class="chat-rest"><button type="button" class="button"
          onClick=${() => setWhole(true)}>${hidden} earlier messages</button></li>`
        : html`<${Turn} key=${`${isWhole}-${index}`} message=${message} marked=${marked} />`,
    )}
  </ol>`;
}

function Turn({ message, marked }) {
  const role = message.role.toLowerCase();
  return html`<li class=${`turn turn-${NAMES[role]?.toLowerCase() ?? "other"}`}>
    <p class="turn-role">${NAMES[role] ?? message.role}</p>
    <div class="turn-text">
      ${message.parts.map((part, index) => html`<${Part} key=${index} part=${part} marked=${marked} />`)}
    </div>
  </li>`;
}

function Part({ part, marked }) {
  if (part.kind === "text") return html`<${Prose} text=${part.text} marked=${marked} />`;
  if (part.kind === "thinking")
    return html`<details class="thinking"><summary>Thinking</summary><${Prose} text=${part.text} marked=${marked} />
      </details>`;
  if (["image", "audio", "file"].includes(part.kind)) return html`<${Media} part=${part} />`;
  if (part.kind === "other") return html`<${JsonText} value=${part.value} />`;
  return html`<div class="tool-part">
    <p>${part.kind === "call" ? "calls" : "result of"} <code>${part.name ?? "tool"}</code></p>
    ${part.value !== undefined && html`<${JsonText} value=${part.value} />`}
  </div>`;
}
