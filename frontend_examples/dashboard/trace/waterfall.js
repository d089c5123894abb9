// The tree of spans against time. One focus stop; the arrow keys walk the tree.
import { html, useEffect, useLayoutEffect, useMemo, useRef } from "../html.js";
import { duration } from "../format/numbers.js";
import { useDrag } from "./use-drag.js";
import { placeOf, ticks, zoomed } from "./scale.js";
import { reveal, useWindow } from "./use-window.js";
import { WaterfallRow } from "./waterfall-row.js";

const HEADER = 28;

/** Rows are higher where a finger taps them, and where name and bar stand one above the other. */
export const rowHeight = () => (matchMedia("(max-width: 700px)").matches ? 46 : 28);

export function Waterfall({ tree, rows, selected, select, collapsed, toggle, zoom, setZoom, sortOf, found, critical, onKey }) {
  const box = useRef(null);
  const height = rowHeight();
  const { first, last, most } = useWindow(box, height, rows.length);
  const chosen = useMemo(() => rows.findIndex((node) => node.span.spanId === selected), [rows, selected]);
  const timeArea = () => box.current.querySelector(".axis-times").getBoundingClientRect();
  const { selection, handlers } = useDrag(
    (from, to) => setZoom({ from: at(from, zoom), to: at(to, zoom) }),
    { areaOf: timeArea, only: "mouse" },
  );
  useLayoutEffect(() => {
    if (chosen >= 0) reveal(box.current, chosen, height, HEADER);
  }, [selected, chosen >= 0]);
  useEffect(() => {
    // Who came here from a list can go on with the arrow keys.
    if (document.activeElement?.id === "main") box.current.querySelector(".tree").focus({ preventScroll: true });
  }, []);
  useEffect(() => listenToWheel(box.current, timeArea, setZoom, tree.total), [tree]);

  // Rows that were drawn are kept while nothing but the scroll position changes.
  const drawn = useMemo(() => new Map(), [rows, zoom, chosen, collapsed, found, critical, sortOf, most, height]);
  const row = (place) => {
    if (!drawn.has(place)) drawn.set(place, draw(rows[place], place));
    return drawn.get(place);
  };
  // Elements of rows that are out of sight become those that come into it: making new ones would take longer.
  const draw = (node, place) => html`<${WaterfallRow}
    key=${place % most} id=${idOf(node)} node=${node} top=${place * height} zoom=${zoom} sortOf=${sortOf}
    isSelected=${place === chosen} isCollapsed=${collapsed.has(node.span.spanId)} isFound=${found?.has(node.span.spanId)}
    critical=${critical?.get(node.span.spanId)} select=${select} toggle=${toggle} />`;

  const move = (index) => rows[index] && select(rows[index].span.spanId);
  const keys = {
    ArrowDown: () => move(chosen + 1),
    ArrowUp: () => move(Math.max(0, chosen - 1)),
    Home: () => move(0),
    End: () => move(rows.length - 1),
    PageDown: () => move(Math.min(rows.length - 1, chosen + 15)),
    PageUp: () => move(Math.max(0, chosen - 15)),
    ArrowRight: () => (isClosed(rows[chosen], collapsed) ? toggle(selected) : rows[chosen]?.size && move(chosen + 1)),
    ArrowLeft: () => {
      const node = rows[chosen];
      if (node?.size && !isClosed(node, collapsed)) toggle(selected);
      else if (node?.parent) select(node.parent.span.spanId);
    },
  };
  const onKeyDown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = keys[event.key] ?? (onKey(event.key) && (() => {}));
    if (!action) return;
    event.preventDefault();
    action();
  };
  const isShown = chosen >= first && chosen < last;
  return html`<div class="waterfall" ref=${box} ...${handlers}>
    <${Axis} zoom=${zoom} />
    <div class="tree" role="tree" tabindex="0" aria-label="Spans" onKeyDown=${onKeyDown}
      aria-activedescendant=${isShown ? idOf(rows[chosen]) : null} style=${{ "--rows": rows.length, "--row": `${height}px` }}>
      ${rows.slice(first, last).map((_, index) => row(first + index))}
    </div>
    ${selection && html`<div class="selection-layer"><span class="selection" style=${{ "--from": selection.from, "--to": selection.to }} /></div>`}
  </div>`;
}

function Axis({ zoom }) {
  const marks = ticks(zoom, matchMedia("(max-width: 700px)").matches ? 3 : 6);
  return html`<div class="axis" aria-hidden="true">
    <span class="axis-names">Span</span>
    <div class="axis-times">
      ${marks.map((ms) => html`<span class="tick" key=${ms} style=${{ "--at": placeOf(ms, zoom) }}>${duration(tidy(ms, zoom))}</span>`)}
    </div>
  </div>`;
}

/** Zoom with Ctrl and the wheel, around the pointer. It has to be able to stop the page's own zoom. */
function listenToWheel(element, timeArea, setZoom, total) {
  const onWheel = (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const area = timeArea();
    const share = Math.min(1, Math.max(0, (event.clientX - area.left) / area.width));
    setZoom((zoom) => zoomed(zoom, event.deltaY > 0 ? 1.25 : 0.8, at(share, zoom), total));
  };
  element.addEventListener("wheel", onWheel, { passive: false });
  return () => element.removeEventListener("wheel", onWheel);
}

const at = (share, { from, to }) => from + share * (to - from);

const tidy = (ms, { from, to }) => (Math.abs(ms) < (to - from) / 1e6 ? 0 : ms);

const isClosed = (node, collapsed) => Boolean(node?.size) && collapsed.has(node.span.spanId);

const idOf = (node) => `row-${node.index}`;
