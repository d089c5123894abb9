// The whole trace at a glance; dragging across it zooms the waterfall.
import { html, useMemo } from "../html.js";
import { duration } from "../format/numbers.js";
import { useDrag } from "../parts/use-drag.js";

const WIDTH = 1000;
const HEIGHT = 44;

/** @param {{tree: import("./tree.js").Tree, zoom: import("./scale.js").Zoom, setZoom: Function}} props */
export function Overview({ tree, zoom, setZoom }) {
  const { total } = tree;
  const paths = useMemo(() => drawn(tree), [tree]);
  const { selection, handlers } = useDrag((from, to) => setZoom({ from: from * total, to: to * total }));
  const isZoomed = zoom.from > 0 || zoom.to < total;
  return html`<div class="overview" ...${handlers} onDblClick=${() => setZoom({ from: 0, to: total })}>
    <svg viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img"
      aria-label=${`Overview: ${duration(total)} in all, ${duration(zoom.from)} to ${duration(zoom.to)} shown`}>
      <path class="overview-spans" d=${paths.fine} />
      <path class="overview-errors" d=${paths.failed} />
    </svg>
    ${
      isZoomed &&
      html`<span class="overview-window"
      style=${{ "--from": zoom.from / total, "--to": zoom.to / total }} />`
    }
    ${selection && html`<span class="selection" style=${{ "--from": selection.from, "--to": selection.to }} />`}
  </div>`;
}

function drawn({ nodes, total }) {
  const paths = { fine: "", failed: "" };
  const step = Math.min(4, (HEIGHT - 4) / nodes.length);
  for (const { span, start, end, index } of nodes) {
    const x = (start / total) * WIDTH;
    const width = Math.max(1, ((end - start) / total) * WIDTH);
    paths[span.status === "ERROR" ? "failed" : "fine"] += `M${tenths(x)} ${tenths(3 + index * step)}h${tenths(width)}`;
  }
  return paths;
}

const tenths = (number) => Math.round(number * 10) / 10;
