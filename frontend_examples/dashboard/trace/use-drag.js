// Choosing a stretch by dragging across an element, with a mouse, a pen or a finger.
import { useState } from "../html.js";

const LEAST = 5;

/**
 * @param {(from: number, to: number) => void} choose gets the stretch as shares of the element's width
 * @param {{areaOf?: (event: PointerEvent) => DOMRect, only?: string}} [how] only: the one sort of pointer that drags
 */
export function useDrag(choose, { areaOf = (event) => event.currentTarget.getBoundingClientRect(), only } = {}) {
  const [drag, setDrag] = useState(null);
  const share = (event, area) => Math.min(1, Math.max(0, (event.clientX - area.left) / area.width));
  const isLong = drag && Math.abs(drag.to - drag.from) * drag.area.width >= LEAST;
  const handlers = {
    onPointerDown(event) {
      const area = areaOf(event);
      if (event.button !== 0 || (only && event.pointerType !== only) || event.clientX < area.left) return;
      setDrag({ area, from: share(event, area), to: share(event, area) });
    },
    onPointerMove(event) {
      if (!drag) return;
      const to = share(event, drag.area);
      if (Math.abs(to - drag.from) * drag.area.width >= LEAST) event.currentTarget.setPointerCapture(event.pointerId);
      setDrag({ ...drag, to });
    },
    onPointerUp() {
      setDrag(null);
      if (isLong) choose(Math.min(drag.from, drag.to), Math.max(drag.from, drag.to));
    },
    onPointerCancel: () => setDrag(null),
  };
  const selection = isLong ? { from: Math.min(drag.from, drag.to), to: Math.max(drag.from, drag.to) } : null;
  return { selection, handlers };
}
