// The outcome of a span or a trace: a colour, a shape, and a word for those who see neither.
import { html } from "../html.js";
import { Icon } from "./icons.js";

const LOOK = {
  SUCCESS: { icon: "check", words: "Succeeded" },
  ERROR: { icon: "cross", words: "Failed" },
  RUNNING: { icon: "running", words: "Running" },
};

export function Status({ status, words = false }) {
  const look = LOOK[status] ?? LOOK.SUCCESS;
  return html`<span class=${`status status-${status.toLowerCase()}`} title=${look.words}>
    <${Icon} name=${look.icon} />
    <span class=${words ? "" : "unseen"}>${look.words}</span>
  </span>`;
}
