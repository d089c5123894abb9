// Switches the live list on and off, and says whether it is connected.
import { html } from "../html.js";
import { Icon } from "../parts/icons.js";

const WORDS = { off: "Live", joining: "Live", live: "Live", lost: "Reconnecting…", refused: "Not live" };

export function LiveButton({ state, isOn, toggle }) {
  return html`<button type="button" class=${`button live live-${state.name}`} aria-pressed=${Boolean(isOn)}
    title=${state.error?.message} onClick=${toggle}>
    <${Icon} name="live" /><span aria-live="polite">${WORDS[state.name]}</span>
  </button>`;
}
