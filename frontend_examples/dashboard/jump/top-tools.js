// What stands at the right of every page's frame: going anywhere, the keys, the playground, the colours.
import { html } from "../html.js";
import { Icon } from "../parts/icons.js";
import { ThemeButton } from "../parts/theme-button.js";

/** @param {{open: (dialog: "jump" | "help") => void}} props */
export function TopTools({ open }) {
  return html`<button type="button" class="button quiet" aria-label="Go to (Ctrl K)" title="Go to (Ctrl K)"
      onClick=${() => open("jump")}><${Icon} name="search" /></button>
    <button type="button" class="button quiet" aria-label="Keys (?)" title="Keys (?)"
      onClick=${() => open("help")}><${Icon} name="help" /></button>
    <a class="button quiet" href="playground" aria-label="Playground"><${Icon} name="play" /><span>Playground</span></a>
    <${ThemeButton} />`;
}
