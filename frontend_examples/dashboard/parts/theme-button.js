// Dark or light: the system's choice until the reader makes one.
import { html, useState } from "../html.js";
import { Icon } from "./icons.js";

const systemTheme = () => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

export function ThemeButton() {
  const [theme, setTheme] = useState(document.documentElement.dataset.theme ?? systemTheme());
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
