// Boxes and the lines between them: callers left of what they call. A line is the thicker the more calls it stands for.
import { html, useLayoutEffect, useMemo, useRef, useState } from "../html.js";
import { hueOf } from "../format/hues.js";
import { layout } from "./layout.js";

const BOX = { width: 190, height: 46 };
const STEP = { x: 260, y: 60 };
const ROOM = 22;
/** Smaller than this a graph is not read: it is scrolled instead. */
const SMALLEST = 0.65;

/**
 * @param {{label: string, boxes: any[], edges: any[], choose?: (box: any) => void}} props
 *   boxes have name, label, words, isBad, bad, title and link (else `choose` is called); edges have from, to, calls,
 *   isBad, title and link
 */
export function Graph({ label, boxes, edges, choose }) {
  const [at, setAt] = useState(null);
  const [scale, setScale] = useState(1);
  const frame = useRef(null);
  const shown = edges.filter(({ from, to }) => from !== to);
  const { places, columns, rows } = useMemo(() => layout(shown), [edges]);
  const width = (columns - 1) * STEP.x + BOX.width + 4;
  // At first it is as small as it must be to be seen whole.
  useLayoutEffect(() => {
    if (frame.current) setScale(Math.min(1, Math.max(SMALLEST, frame.current.clientWidth / width)));
  }, [width]);
  if (!shown.length) return null;
  const height = (rows - 1) * STEP.y + BOX.height + 4;
  const most = Math.max(...shown.map(({ calls }) => calls));
  const isNear = (name) =>
    !at || at === name || shown.some(({ from, to }) => (from === at && to === name) || (to === at && from === name));
  const zoom = (factor) => setScale(Math.min(2, Math.max(0.3, scale * factor)));
  return html`<figure class="service-graph" tabindex="0" role="group" aria-label=${label}>
    <div class="graph-tools">
      <button type="button" class="button" aria-label="Larger" onClick=${() => zoom(1.25)}>+</button>
      <button type="button" class="button" aria-label="Smaller" onClick=${() => zoom(0.8)}>−</button>
    </div>
    <div class="graph-scroll" ref=${frame}>
      <svg viewBox=${`-2 -2 ${width} ${height}`} width=${width * scale} height=${height * scale}>
        ${shown.map(
          (edge) => html`<${Edge} key=${`${edge.from}>${edge.to}`} edge=${edge} places=${places} most=${most}
          isDim=${at && edge.from !== at && edge.to !== at} />`,
        )}
        ${boxes
          .filter(({ name }) => places.has(name))
          .map(
            (box) => html`<${Box} key=${box.name} box=${box}
          place=${places.get(box.name)} isDim=${!isNear(box.name)} setAt=${setAt} choose=${choose} />`,
          )}
      </svg>
    </div>
  </figure>`;
}

function Edge({ edge, places, most, isDim }) {
  const [start, end] = [places.get(edge.from), places.get(edge.to)];
  const x1 = start.column * STEP.x + BOX.width;
  const x2 = end.column * STEP.x;
  const [y1, y2] = [start, end].map(({ row }) => row * STEP.y + BOX.height / 2);
  const strength = Math.log1p(edge.calls) / Math.log1p(most);
  const path = html`<path class=${`edge ${edge.isBad ? "is-bad" : ""} ${isDim ? "is-dim" : ""}`}
    d=${pathOf(x1, y1, x2, y2, end.column - start.column)} stroke-width=${1 + 3.5 * strength}>
    <title>${edge.title}</title>
  </path>`;
  return edge.link ? html`<a class="edge-link" href=${edge.link} aria-label=${edge.title}>${path}</a>` : path;
}

/** Lines over more than one column, or back, pass between the rows instead of behind boxes. */
function pathOf(x1, y1, x2, y2, columns) {
  const bend = Math.max(40, Math.abs(x2 - x1) / 2);
  if (columns === 1) return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  const lane = y2 + (y2 >= y1 ? -1 : 1) * (STEP.y / 2);
  if (columns > 1) {
    const [near, far] = [x1 + ROOM * 2, x2 - ROOM * 2];
    const [leave, arrive] = [
      `${near} ${y1} ${x1} ${lane} ${near + ROOM} ${lane}`,
      `${x2} ${lane} ${far} ${y2} ${x2} ${y2}`,
    ];
    return `M${x1} ${y1}C${leave}H${far - ROOM}C${arrive}`;
  }
  const [right, left] = [x1 + 60, x2 - 60];
  return `M${x1} ${y1}C${right} ${y1} ${right} ${lane} ${x1} ${lane}H${x2}C${left} ${lane} ${left} ${y2} ${x2} ${y2}`;
}

function Box({ box, place, isDim, setAt, choose }) {
  const { name, label, words, isBad, bad, link, title } = box;
  const onClick = (event) => {
    if (link) return;
    event.preventDefault();
    choose(box);
  };
  return html`<a class=${`node ${hueOf(box.kind ?? name)} ${isBad ? "is-bad" : ""} ${isDim ? "is-dim" : ""}`}
    href=${link ?? "#"} onClick=${onClick}
    transform=${`translate(${place.column * STEP.x} ${place.row * STEP.y})`}
    onPointerEnter=${() => setAt(name)} onPointerLeave=${() => setAt(null)} onFocus=${() => setAt(name)}
      onBlur=${() => setAt(null)}>
    <title>${title ?? label}</title>
    <rect class="node-box" width=${BOX.width} height=${BOX.height} rx="9" />
    <rect class="node-hue" x="10" y="12" width="8" height="8" rx="2.5" />
    <foreignObject width=${BOX.width} height=${BOX.height}>
      <div class="node-text">
        <span class="node-line"><span class="node-name">${label}</span>
          ${bad && html`<span class="node-bad">${bad}</span>`}
        </span>
        <span class="node-words">${words}</span>
      </div>
    </foreignObject>
  </a>`;
}
