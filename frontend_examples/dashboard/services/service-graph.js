// The graph of services. A line is the thicker the more calls it stands for, and red where calls fail.
import { html, useMemo, useState } from "../html.js";
import { hueOf } from "../format/hues.js";
import { count, duration, percent, short } from "../format/numbers.js";
import { layout } from "./layout.js";

const BOX = { width: 170, height: 46 };
const STEP = { x: 244, y: 60 };

export function ServiceGraph({ graph, linkOf }) {
  const [at, setAt] = useState(null);
  const edges = graph.edges.filter(({ from, to }) => from !== to);
  const { places, columns, rows } = useMemo(() => layout(edges), [graph]);
  if (!edges.length) return null;
  const width = (columns - 1) * STEP.x + BOX.width + 4;
  const height = (rows - 1) * STEP.y + BOX.height + 4;
  const most = Math.max(...edges.map(({ callCount }) => callCount));
  const nodes = graph.nodes.filter(({ name }) => places.has(name));
  const isNear = (name) => !at || at === name || edges.some(({ from, to }) => (from === at && to === name) || (to === at && from === name));
  return html`<figure class="service-graph" tabindex="0" role="group" aria-label="Graph of services">
    <svg viewBox=${`-2 -2 ${width} ${height}`} width=${width} height=${height}>
      ${edges.map((edge) => html`<${Edge} key=${`${edge.from}>${edge.to}`} edge=${edge} places=${places} most=${most} isDim=${at && edge.from !== at && edge.to !== at} />`)}
      ${nodes.map((node) => html`<${Box} key=${node.name} node=${node} place=${places.get(node.name)} link=${linkOf(node.name)} isDim=${!isNear(node.name)} setAt=${setAt} />`)}
    </svg>
  </figure>`;
}

function Edge({ edge, places, most, isDim }) {
  const [start, end] = [places.get(edge.from), places.get(edge.to)];
  const x1 = start.column * STEP.x + BOX.width;
  const x2 = end.column * STEP.x;
  const [y1, y2] = [start, end].map(({ row }) => row * STEP.y + BOX.height / 2);
  const bend = Math.max(40, Math.abs(x2 - x1) / 2);
  const strength = Math.log1p(edge.callCount) / Math.log1p(most);
  return html`<path class=${`edge ${edge.errorRate > 0 ? "is-bad" : ""} ${isDim ? "is-dim" : ""}`}
    d=${`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`} stroke-width=${1 + 3.5 * strength}>
    <title>${`${edge.from} calls ${edge.to}: ${count(edge.callCount)} times, ${percent(edge.errorRate)} failed, p95 ${duration(edge.p95)}`}</title>
  </path>`;
}

function Box({ node, place, link, isDim, setAt }) {
  const words = `${short(node.spanCount)} spans · p95 ${duration(node.p95)}`;
  return html`<a class=${`node ${hueOf(node.name)} ${node.errorRate > 0 ? "is-bad" : ""} ${isDim ? "is-dim" : ""}`} href=${link}
    transform=${`translate(${place.column * STEP.x} ${place.row * STEP.y})`}
    onPointerEnter=${() => setAt(node.name)} onPointerLeave=${() => setAt(null)} onFocus=${() => setAt(node.name)} onBlur=${() => setAt(null)}>
    <rect class="node-box" width=${BOX.width} height=${BOX.height} rx="9" />
    <rect class="node-hue" x="10" y="12" width="8" height="8" rx="2.5" />
    <text class="node-name" x="24" y="20">${node.name.length > 19 ? `${node.name.slice(0, 18)}…` : node.name}</text>
    <text class="node-words" x="10" y="37">${words}</text>
    ${node.errorRate > 0 && html`<text class="node-bad" x=${BOX.width - 9} y="20">${percent(node.errorRate)}<title>failed</title></text>`}
  </a>`;
}
