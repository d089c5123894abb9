// The same tree as a flame graph: each span under its parent, as wide as it took. What is too narrow to see is left
// out.
import { html, useMemo, useState } from "../html.js";
import { hueOf } from "../format/hues.js";
import { duration, percent } from "../format/numbers.js";

const LINE = 22;
const LEAST = 0.0008;

export function FlameGraph({ tree, selected, select, colourOf, found }) {
  const [top, setTop] = useState(null);
  const root = top && tree.byId.has(top) ? tree.byId.get(top) : null;
  const { frames, depth } = useMemo(() => framesOf(tree, root), [tree, root]);
  return html`<section class="flame" aria-label="Flame graph">
    <div class="flame-head">
      <span>${
        root
          ? html`<button type="button" class="button"
        onClick=${() => setTop(null)}>Whole trace</button> ${root.span.name}`
          : "A double click, or Enter, shows a part by itself."
      }</span>
    </div>
    <div class="flame-box"><div class="flame-frames" style=${{ height: `${(depth + 1) * LINE}px` }}>
      ${frames.map(({ node, from, width, level }) => {
        const { span } = node;
        const classes = [
          "frame",
          hueOf(colourOf(span)),
          span.status === "ERROR" && "is-failed",
          span.spanId === selected && "is-selected",
          found?.has(span.spanId) && "is-found",
        ];
        const length = node.end - node.start;
        const words = `${span.name}, ${duration(length)}, ${percent(length / tree.total)}`;
        return html`<button type="button" key=${node.index} class=${classes.filter(Boolean).join(" ")} title=${words}
          aria-label=${words}
          style=${{ left: `${from * 100}%`, width: `max(1px, calc(${width * 100}% - 1px))`, top: `${level * LINE}px` }}
          onClick=${() => select(span.spanId)} onDblClick=${() => setTop(span.spanId)}
          onKeyDown=${(event) => event.key === "Enter" && setTop(span.spanId)}>
          ${width > 0.03 ? span.name : ""}</button>`;
      })}
    </div></div>
  </section>`;
}

/** Where overlapping siblings would lie over each other, the later one is a line lower. */
function framesOf({ nodes, total }, root) {
  const start = root?.start ?? 0;
  const length = (root ? root.end - root.start : total) || 1;
  const part = root ? nodes.slice(root.index, root.index + 1 + root.size) : nodes;
  const levels = new Map();
  const busy = [];
  const frames = [];
  for (const node of part) {
    const width = (node.end - node.start) / length;
    if (width < LEAST) continue;
    let level = node.parent && levels.has(node.parent) ? levels.get(node.parent) + 1 : 0;
    while ((busy[level] ?? -1) > node.start + length * 1e-9) level++;
    levels.set(node, level);
    busy[level] = node.end;
    frames.push({ node, from: Math.max(0, (node.start - start) / length), width: Math.min(1, width), level });
  }
  return { frames, depth: Math.max(0, ...levels.values()) };
}
