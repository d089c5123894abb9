// Lists as they were left: going back in the browser's history finds the same rows at the same place.
import { useEffect, useRef } from "../html.js";

const MOST = 8;

/** @type {Map<string, any>} */
const lists = new Map();

let next = 0;

/** What the current entry of the history kept; null if it is a new one. */
export const recallList = () => lists.get(history.state?.kept) ?? null;

/** Keep what is shown under the current entry of the history. */
function keepList(value) {
  const kept = history.state?.kept ?? `${Date.now()}-${next++}`;
  if (!history.state?.kept) history.replaceState({ ...history.state, kept }, "");
  lists.delete(kept);
  lists.set(kept, { ...value, scroll: scrollY, ...rowInSight() });
  if (lists.size > MOST) lists.delete(lists.keys().next().value);
}

/** The row in the middle of the window, and where it is: rows above it may be of another height by then. */
function rowInSight() {
  const row = document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest(".row");
  return { link: row?.querySelector(".row-link")?.getAttribute("href"), top: row?.getBoundingClientRect().top };
}

function scrollBack({ scroll, link, top }) {
  scrollTo(0, scroll);
  const row = link && document.querySelector(`.row-link[href="${CSS.escape(link)}"]`)?.closest(".row");
  if (row) scrollBy(0, row.getBoundingClientRect().top - top);
}

/** Keeps the list for those who come back to it, and puts them where they were. */
export function useKept(pages, now, kept) {
  const newest = useRef(null);
  newest.current = { now, pages: { nodes: pages.nodes, info: pages.info, key: pages.key } };
  useEffect(() => {
    if (kept) scrollBack(kept);
    let wait = null;
    const keep = () => {
      clearTimeout(wait);
      wait = setTimeout(() => keepList(newest.current), 100);
    };
    // Just before another page: a link is pressed before it is followed.
    const keepNow = () => keepList(newest.current);
    addEventListener("scroll", keep, { passive: true });
    addEventListener("pointerdown", keepNow, true);
    addEventListener("keydown", keepNow, true);
    return () => {
      clearTimeout(wait);
      removeEventListener("scroll", keep);
      removeEventListener("pointerdown", keepNow, true);
      removeEventListener("keydown", keepNow, true);
    };
  }, []);
}
