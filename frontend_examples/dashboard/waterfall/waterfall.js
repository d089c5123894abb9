// The tree of spans against time. One focus stop; the arrow keys walk the tree, wherever the focus is.
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from "../html.js";
import { duration } from "../format/numbers.js";
import { Splitter } from "../parts/splitter.js";
import { useDrag } from "../parts/use-drag.js";
import { useMedia } from "../parts/use-media.js";
import { placeOf, ticks, zoomed } from "./scale.js";
import { treeKeys } from "./tree-keys.js";
import { reveal, useWindow } from "./use-window.js";
import { WaterfallRow } from "./waterfall-row.js";

const HEADER = 28;

export function Waterfall({ tree, rows, selected, select, toggle, zoom, setZoom, colourOf, found, critical, keysRef }) {
  const box = useRef(null);
  const isNarrow = useMedia("(max-width: 700px)");
  // Rows are higher where a finger taps them, and where name and bar stand one above the other.
  const height = isNarrow ? 46 : 28;
  const [groupId, setGroupId] = useState(null);
  const { first, last, most } = useWindow(box, height, rows.length);
  const chosen = useMemo(() => placeIn(rows, selected, groupId), [rows, selected, groupId]);
  const timeArea = () => box.current.querySelector(".axis-times").getBoundingClientRect();
  const { selection, handlers } = useDrag((from, to) => setZoom({ from: at(from, zoom), to: at(to, zoom) }), {
    areaOf: timeArea,
    only: "mouse",
  });
  useLayoutEffect(() => {
    if (chosen >= 0) reveal(box.current, chosen, height, HEADER);
  }, [selected, groupId, chosen >= 0]);
  useEffect(() => {
    // Who came here from a list can go on with the arrow keys.
    if (document.activeElement?.id === "main") box.current.querySelector(".tree").focus({ preventScroll: true });
  }, []);
  useEffect(() => listenToWheel(box.current, timeArea, setZoom, tree.total), [tree.total]);

  // Rows that were drawn are kept while nothing but the scroll position changes.
  const drawn = useMemo(() => new Map(), [rows, zoom, chosen, found, critical, colourOf, most, height]);
  const drawnRow = (place) => {
    if (!drawn.has(place)) drawn.set(place, draw(rows[place], place));
    return drawn.get(place);
  };
  // Elements of rows that are out of sight become those that come into it: making new ones would take longer.
  const draw = (row, place) => html`<${WaterfallRow}
    key=${place % most} id=${idOf(row)} row=${row} top=${place * height} zoom=${zoom} colourOf=${colourOf}
    isSelected=${place === chosen} isFound=${!row.group && found?.has(row.node.span.spanId)}
    critical=${critical?.get(row.node.span.spanId)} select=${choose} toggle=${turn} />`;
  const choose = (spanId) => {
    setGroupId(null);
    select(spanId);
  };
  const turn = (row) => {
    if (row.group) setGroupId(row.group.id);
    toggle(row);
  };
  const focusRow = (index) => {
    const { group, node } = rows[index];
    setGroupId(group?.id ?? null);
    if (!group) select(node.span.spanId);
  };
  keysRef.current = treeKeys({ rows, chosen, select: choose, toggle: turn, focusRow });
  const isShown = chosen >= first && chosen < last;
  return html`<div class="waterfall" ref=${box} ...${handlers}>
    <${Axis} zoom=${zoom} most=${isNarrow ? 3 : 5} />
    <div class="tree" role="tree" tabindex="0" aria-label="Spans"
      aria-activedescendant=${isShown ? idOf(rows[chosen]) : null}
        style=${{ "--rows": rows.length, "--row": `${height}px` }}>
      ${rows.slice(first, last).map((_, index) => drawnRow(first + index))}
    </div>
    ${
      selection &&
      html`<div class="selection-layer"><span class="selection"
      style=${{ "--from": selection.from, "--to": selection.to }} /></div>`
    }
  </div>`;
}

function placeIn(rows, selected, groupId) {
  const group = groupId ? rows.findIndex((row) => row.group?.id === groupId) : -1;
  return group >= 0 ? group : rows.findIndex((row) => !row.group && row.node.span.spanId === selected);
}

function Axis({ zoom, most }) {
  return html`<div class="axis">
    <span class="axis-names" aria-hidden="true">Span</span>
    <${Splitter} name="names" label="Width of the names" least=${120} most=${900} />
    <div class="axis-times" aria-hidden="true">
      ${ticks(zoom, most).map((ms) => {
        const place = placeOf(ms, zoom);
        return html`<span class=${`tick ${place > 0.84 ? "is-last" : ""}`} key=${ms}
          style=${{ "--at": place }}>${duration(tidy(ms, zoom))}</span>`;
      })}
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

const tidy = (ms, { from, to }) => (Math.abs(ms) < (to - from) / 1e6 ? 0 : Number(ms.toPrecision(12)));

const idOf = ({ node, group }) => (group ? `group-${node.index}` : `row-${node.index}`);
