// Choosing a stretch or a rectangle by dragging across an element, with a mouse, a pen or a finger.
import { useState } from "../html.js";

const LEAST = 5;

const share = (value, start, length) => Math.min(1, Math.max(0, (value - start) / length));

const placeOf = (event, area) => ({
  x: share(event.clientX, area.left, area.width),
  y: share(event.clientY, area.top, area.height),
});

/**
 * @param {(from: number, to: number, height: {from: number, to: number}) => void} choose gets the stretch as shares of
 *   the element's width, and of its height from the top
 * @param {{areaOf?: (event: PointerEvent) => DOMRect, only?: string, click?: (at: number) => void}} [how]
 *   only: the one kind of pointer that drags; click: what a press without a drag does
 */
export function useDrag(choose, how = {}) {
  const { areaOf = areaOfTarget, only, click } = how;
  const [drag, setDrag] = useState(null);
  const isLong = drag && Math.abs(drag.to.x - drag.from.x) * drag.area.width >= LEAST;
  const selection = isLong ? { ...sorted(drag.from.x, drag.to.x), height: sorted(drag.from.y, drag.to.y) } : null;
  const handlers = {
    onPointerDown(event) {
      const area = areaOf(event);
      if (event.button !== 0 || (only && event.pointerType !== only) || event.clientX < area.left) return;
      setDrag({ area, from: placeOf(event, area), to: placeOf(event, area) });
    },
    onPointerMove(event) {
      if (!drag) return;
      const to = placeOf(event, drag.area);
      if (Math.abs(to.x - drag.from.x) * drag.area.width >= LEAST)
        event.currentTarget.setPointerCapture(event.pointerId);
      setDrag({ ...drag, to });
    },
    onPointerUp() {
      setDrag(null);
      if (selection) choose(selection.from, selection.to, selection.height);
      else if (drag && click) click(drag.from.x);
    },
    onPointerCancel: () => setDrag(null),
  };
  return { selection, handlers };
}

/** @param {any} event */
const areaOfTarget = ({ currentTarget }) => currentTarget.getBoundingClientRect();

const sorted = (one, other) => ({ from: Math.min(one, other), to: Math.max(one, other) });
