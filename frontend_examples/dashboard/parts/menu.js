// A button that opens a panel of more; Escape and a click elsewhere close it.
import { html, useEffect, useRef, useState } from "../html.js";
import { Icon } from "./icons.js";

export function Menu({ label, icon, children }) {
  const [isOpen, setOpen] = useState(false);
  const box = useRef(null);
  useEffect(() => {
    if (!isOpen) return undefined;
    const onPointerDown = (event) => box.current.contains(event.target) || setOpen(false);
    addEventListener("pointerdown", onPointerDown);
    return () => removeEventListener("pointerdown", onPointerDown);
  }, [isOpen]);
  const onKeyDown = (event) => {
    if (event.key !== "Escape" || !isOpen) return;
    event.stopPropagation();
    setOpen(false);
    box.current.querySelector("button").focus();
  };
  return html`<div class="menu" ref=${box} onKeyDown=${onKeyDown}>
    <button type="button" class="button" aria-expanded=${isOpen} aria-label=${label} title=${label}
      onClick=${() => setOpen(!isOpen)}>
      <${Icon} name=${icon} />
    </button>
    ${isOpen && html`<div class="menu-panel" role="group" aria-label=${label}>${children}</div>`}
  </div>`;
}
