// One span of the waterfall: its name in the tree, its bar in time.
import { html } from "../html.js";
import { hueOf } from "../format/hues.js";
import { cost, count, duration, short } from "../format/numbers.js";
import { Icon } from "../parts/icons.js";
import { placeOf } from "./scale.js";

const narrow = matchMedia("(max-width: 700px)");

export function WaterfallRow({ id, node, top, zoom, sortOf, isSelected, isCollapsed, isFound, critical, select, toggle }) {
  const { span, depth } = node;
  const sort = sortOf(span);
  const isOther = !node.parent || sort !== sortOf(node.parent.span);
  const isFailed = span.status === "ERROR";
  const classes = ["wf-row", isSelected && "is-selected", isFailed && "is-failed", isFound && "is-found"];
  return html`<div class=${classes.filter(Boolean).join(" ")} role="treeitem" id=${id}
    aria-level=${depth + 1} aria-posinset=${node.place} aria-setsize=${node.peers}
    aria-expanded=${node.size ? !isCollapsed : null} aria-selected=${Boolean(isSelected)}
    style=${{ transform: `translateY(${top}px)` }} onClick=${() => select(span.spanId)}>
    <span class="wf-name" style=${{ paddingLeft: `calc(8px + min(${Math.min(depth, 40) * 14}px, 38%))` }}>
      <${Twig} node=${node} isCollapsed=${isCollapsed} toggle=${toggle} />
      <i class=${`wf-mark ${hueOf(sort)}`} />
      <span class="wf-label" title=${span.name}>${span.name}</span>
      ${isFailed && html`<span class="wf-failed"><${Icon} name="cross" /><span class="unseen">failed</span></span>`}
      ${isOther && html`<span class="wf-sort">${sort}</span>`}
    </span>
    <${Bar} node=${node} zoom=${zoom} hue=${hueOf(sort)} critical=${critical} isFailed=${isFailed} />
  </div>`;
}

/** Opens and closes what is below. It is no focus stop of its own: the arrow keys do the same. */
function Twig({ node, isCollapsed, toggle }) {
  if (!node.size) return html`<span class="twig" />`;
  const onClick = (event) => (event.stopPropagation(), toggle(node.span.spanId));
  return html`<span aria-hidden="true" class=${`twig twig-button ${isCollapsed ? "is-collapsed" : ""}`} onClick=${onClick}>
    <${Icon} name="down" /><span class="twig-count">${isCollapsed ? count(node.size) : ""}</span>
  </span>`;
}

function Bar({ node, zoom, hue, critical, isFailed }) {
  const { span, start, end } = node;
  const from = placeOf(start, zoom);
  const to = Math.max(from, placeOf(end, zoom));
  const isOut = to < 0 || from > 1;
  const isRunning = span.durationMs === null;
  const classes = ["wf-bar", hue, isFailed && "is-failed", isRunning && "is-running", span.isEvent && "is-event"];
  const label = span.isEvent ? "" : !isRunning ? duration(span.durationMs) : "running";
  // On a phone there is only room for tokens where the bar ends early, or in a long one.
  const used = narrow.matches && to > 0.45 && to - from < 0.6 ? "" : usage(span);
  // Where the label would not fit after the bar it stands before it, or in it.
  const isLate = to > (used ? 0.62 : 0.8);
  const isBefore = isLate && from > (used ? 0.4 : 0.2);
  return html`<span class="wf-time">
    ${!isOut && html`<i class=${classes.filter((name) => typeof name === "string").join(" ")} style=${span.isEvent ? { left: share(from) } : stretch(from, to, 3)} />`}
    ${critical && html`<span class="unseen">on the critical path</span>`}
    ${critical?.map((part, index) => html`<${CriticalPart} key=${index} part=${part} zoom=${zoom} />`)}
    ${!isOut && label && html`<span class=${`wf-duration ${isLate && !isBefore ? "is-inside" : ""}`} style=${placeOfLabel(from, to, isLate, isBefore)}>${label}${used}</span>`}
  </span>`;
}

function CriticalPart({ part, zoom }) {
  const from = placeOf(part.start, zoom);
  const to = placeOf(part.end, zoom);
  return to > Math.max(0, from) && from < 1 ? html`<i class="wf-critical" style=${stretch(from, to, 1.5)} />` : null;
}

const stretch = (from, to, least) => ({ left: share(from), width: `max(${least}px, ${share(clamp(to) - clamp(from))})` });

/** After the bar, before it, or at its end within. */
function placeOfLabel(from, to, isLate, isBefore) {
  if (!isLate) return { left: `calc(${share(to)} + 7px)`, right: "auto" };
  return { left: "auto", right: isBefore ? `calc(${share(1 - clamp(from))} + 7px)` : `calc(${share(1 - clamp(to))} + 4px)` };
}

function usage({ totalTokens, costUsd }) {
  if (totalTokens === null) return "";
  return ` · ${short(totalTokens)} tok${costUsd ? ` · ${cost(costUsd)}` : ""}`;
}

const share = (value) => `${(clamp(value) * 100).toFixed(3)}%`;

const clamp = (value) => Math.min(1, Math.max(0, value));
