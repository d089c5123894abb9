// Dark or light: what `theme.js` shows, until the reader chooses.
import { html, useState } from "../html.js";
import { Icon } from "./icons.js";

export function ThemeButton() {
  const [theme, setTheme] = useState(document.documentElement.dataset.theme);
  const other = theme === "dark" ? "light" : "dark";
  const change = () => {
    document.documentElement.dataset.theme = other;
    setTheme(other);
    try {
      localStorage.setItem("spanwell-theme", other);
    } catch {
      // Without storage the choice lasts as long as the page.
    }
  };
  return html`<button type="button" class="button quiet" aria-label=${`Use ${other} colours`} onClick=${change}>
    <${Icon} name=${theme === "dark" ? "sun" : "moon"} />
  </button>`;
}
