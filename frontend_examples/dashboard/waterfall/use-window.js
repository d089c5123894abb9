// Which rows of a long list are in sight: only those are in the document, so 10,000 spans scroll like forty.
import { useLayoutEffect, useState } from "../html.js";

const SPARE = 4;

/**
 * @param {{current: HTMLElement}} box the element that scrolls
 * @returns the first row to show, the one after the last, and how many there are at most
 */
export function useWindow(box, rowHeight, count) {
  const [top, setTop] = useState(0);
  const [fitting, setFitting] = useState(30);
  useLayoutEffect(() => {
    const element = box.current;
    const update = () => {
      setTop(Math.floor(element.scrollTop / rowHeight));
      setFitting(Math.ceil(element.clientHeight / rowHeight));
    };
    const observer = new ResizeObserver(update);
    observer.observe(element);
    element.addEventListener("scroll", update, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", update);
    };
  }, [rowHeight]);
  const first = Math.max(0, Math.min(top, count - 1) - SPARE);
  return { first, last: Math.min(count, top + fitting + SPARE), most: fitting + 2 * SPARE + 1 };
}

/** Scroll just so far that a row and its neighbours are in sight. */
export function reveal(element, index, rowHeight, header) {
  const top = Math.max(0, index - 2) * rowHeight;
  const height = element.clientHeight - header;
  if (top < element.scrollTop) element.scrollTop = top;
  else if ((index + 3) * rowHeight > element.scrollTop + height) element.scrollTop = (index + 3) * rowHeight - height;
}
