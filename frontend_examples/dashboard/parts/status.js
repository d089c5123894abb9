// The outcome of a span or a trace: a colour, a shape, and a word for those who see neither.
import { html } from "../html.js";
import { Icon } from "./icons.js";

const LOOK = {
  SUCCESS: { icon: "check", words: "Succeeded" },
  ERROR: { icon: "cross", words: "Failed" },
  WARNING: { icon: "warn", words: "Succeeded, with failed spans" },
  RUNNING: { icon: "running", words: "Running" },
};

/** @param {{status: string, hasError?: boolean, words?: boolean}} props hasError: some span of a trace failed */
export function Status({ status, hasError = false, words = false }) {
  const name = hasError && status === "SUCCESS" ? "WARNING" : status;
  const look = LOOK[name] ?? LOOK.SUCCESS;
  return html`<span class=${`status status-${name.toLowerCase()}`} title=${look.words}>
    <${Icon} name=${look.icon} />
    <span class=${words ? "" : "unseen"}>${look.words}</span>
  </span>`;
}
