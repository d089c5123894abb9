// One suggestion of the filter bar.
import { html, useEffect, useRef } from "../html.js";

export function OptionItem({ id, option, isActive, choose }) {
  const item = useRef(null);
  useEffect(() => {
    if (isActive) item.current.scrollIntoView({ block: "nearest" });
  }, [isActive]);
  return html`<li ref=${item} id=${id} role="option" aria-selected=${isActive} class="option"
    onMouseDown=${(event) => event.preventDefault()} onClick=${choose}>
    <span class="option-label">${option.label}</span>
    ${option.hint && html`<span class="option-hint">${option.hint}</span>`}
    ${option.detail && html`<span class="option-detail">${option.detail}</span>`}
  </li>`;
}
