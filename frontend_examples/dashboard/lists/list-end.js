// The end of a list that grows: coming near it loads the next page; a button does the same from the keyboard.
import { html, useEffect, useRef } from "../html.js";

export function ListEnd({ pages, noun }) {
  const mark = useRef(null);
  const newest = useRef(pages);
  newest.current = pages;
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => entry.isIntersecting && newest.current.loadMore(), {
      rootMargin: "800px",
    });
    observer.observe(mark.current);
    return () => observer.disconnect();
  }, [pages.nodes.length]);
  return html`<div class="list-end" ref=${mark}>
    ${
      pages.hasMore
        ? html`<button type="button" class="button" onClick=${pages.loadMore}>More ${noun}s</button>`
        : html`<span>${pages.nodes.length > 10 ? `That is every ${noun}.` : ""}</span>`
    }
  </div>`;
}
