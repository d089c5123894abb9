// Which rows of a long list are in sight: only those are in the document, so 10,000 spans scroll like forty.
import { useLayoutEffect, useState } from "../html.js";

const SPARE = 8;

/** @param {{current: HTMLElement}} box the element that scrolls @returns the first and the last row to show */
export function useWindow(box, rowHeight, count) {
  const [view, setView] = useState({ top: 0, height: 800 });
  useLayoutEffect(() => {
    const element = box.current;
    const update = () => setView({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(update);
    observer.observe(element);
    element.addEventListener("scroll", update, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", update);
    };
  }, []);
  const first = Math.max(0, Math.floor(view.top / rowHeight) - SPARE);
  return { first, last: Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + SPARE) };
}

/** Scroll just so far that a row is in sight. */
export function reveal(element, index, rowHeight, header) {
  const top = index * rowHeight;
  const height = element.clientHeight - header;
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top + rowHeight > element.scrollTop + height) element.scrollTop = top + rowHeight - height;
}
