// A handle between two columns: dragged, or moved with the arrow keys. The width is kept as the variable `--NAME` of
// the element with the class `splits-NAME`, and for the next visit.
import { html, useEffect, useRef, useState } from "../html.js";
import { stored, store } from "../state/stored.js";

const STEP = 24;

/**
 * @param {{name: string, label: string, least: number, most: number, isRight?: boolean}} props isRight: it sizes
 *   what is right of it
 */
export function Splitter({ name, label, least, most, isRight = false }) {
  const handle = useRef(null);
  const [width, setWidth] = useState(() => stored(`width-${name}`, null));
  const box = () => handle.current.closest(`.splits-${name}`);
  useEffect(() => {
    if (width !== null) box().style.setProperty(`--${name}`, `${width}px`);
  }, [width]);
  const set = (wanted) => {
    const next = Math.round(Math.min(most, box().clientWidth - 160, Math.max(least, wanted)));
    setWidth(next);
    store(`width-${name}`, next);
  };
  const current = () => {
    const area = box().getBoundingClientRect();
    const edge = handle.current.getBoundingClientRect();
    return isRight ? area.right - edge.left : edge.left - area.left;
  };
  const onPointerMove = (event) => {
    if (!handle.current.hasPointerCapture(event.pointerId)) return;
    const area = box().getBoundingClientRect();
    set(isRight ? area.right - event.clientX : event.clientX - area.left);
  };
  const onPointerDown = (event) => {
    event.stopPropagation();
    handle.current.setPointerCapture(event.pointerId);
  };
  const onKeyDown = (event) => {
    const by = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    set(current() + (isRight ? -by : by));
  };
  return html`<div class="splitter" ref=${handle} role="separator" aria-orientation="vertical" tabindex="0"
    aria-label=${label}
    aria-valuenow=${width ?? 400} aria-valuemin=${least} aria-valuemax=${most}
    onPointerDown=${onPointerDown} onPointerMove=${onPointerMove} onKeyDown=${onKeyDown} />`;
}
