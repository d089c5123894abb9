// A dialog over the page: Escape, its cross and a click beside it close it.
import { html, useEffect, useRef } from "../html.js";
import { Icon } from "./icons.js";

/** @param {{label: string, title?: string, className?: string, close: () => void, children?: any}} props */
export function Dialog({ label, title, className = "", close, children }) {
  const dialog = useRef(null);
  useEffect(() => dialog.current.showModal(), []);
  const onClick = (event) => event.target === dialog.current && dialog.current.close();
  return html`<dialog class=${`dialog ${className}`} aria-label=${label} ref=${dialog} onClose=${close}
    onClick=${onClick}>
    ${
      title &&
      html`<header>
      <h2>${title}</h2>
      <button type="button" class="button quiet" aria-label="Close" onClick=${() => dialog.current.close()}>
        <${Icon} name="cross" />
      </button>
    </header>`
    }
    ${children}
  </dialog>`;
}
