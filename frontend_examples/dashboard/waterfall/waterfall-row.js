// One row of the waterfall: a name in the tree, a bar in time; of many like siblings together, or of one span.
import { html } from "../html.js";
import { hueOf } from "../format/hues.js";
import { cost, count, duration, short } from "../format/numbers.js";
import { Icon } from "../parts/icons.js";
import { placeOf } from "./scale.js";

const narrow = matchMedia("(max-width: 700px)");

/** @param {any} props row: one of `visibleRows`; colourOf: the service or type that colours a span */
export function WaterfallRow({ id, row, top, zoom, colourOf, isSelected, isFound, critical, select, toggle }) {
  const { node, depth, group, isOpen } = row;
  const { span } = node;
  const colour = colourOf(span);
  const isOther = !node.parent || colour !== colourOf(node.parent.span);
  const isFailed = group ? group.failed > 0 : span.status === "ERROR";
  const isFolder = Boolean(group) || node.size > 0;
  const classes = [
    "wf-row",
    isSelected && "is-selected",
    isFailed && "is-failed",
    isFound && "is-found",
    group && "is-group",
  ];
  const choose = () => (group ? toggle(row) : select(span.spanId));
  return html`<div class=${classes.filter(Boolean).join(" ")} role="treeitem" id=${id}
    aria-level=${depth + 1} aria-posinset=${node.place} aria-setsize=${node.peers}
    aria-expanded=${isFolder ? isOpen : null} aria-selected=${Boolean(isSelected)}
    style=${{ transform: `translateY(${top}px)` }} onClick=${choose}>
    <span class="wf-name" style=${{ "--depth": depth }}>
      <${Twig} row=${row} toggle=${toggle} />
      <i class=${`wf-mark ${hueOf(colour)}`} />
      ${group && html`<span class="wf-times">${count(group.nodes.length)} ×</span>`}
      <span class="wf-label" title=${span.name}>${span.name.trim() || "(no name)"}</span>
      ${
        isFailed &&
        html`<span class="wf-failed"><${Icon} name="cross" /><span
        class="unseen">failed</span>${group ? count(group.failed) : ""}</span>`
      }
      ${isOther && html`<span class="wf-kind">${colour}</span>`}
    </span>
    ${
      group
        ? html`<${GroupBar} group=${group} zoom=${zoom} hue=${hueOf(colour)} />`
        : html`<${Bar} node=${node} zoom=${zoom} hue=${hueOf(colour)} critical=${critical} isFailed=${isFailed} />`
    }
  </div>`;
}

/** Opens and closes what is below. It is no focus stop of its own: the arrow keys do the same. */
function Twig({ row, toggle }) {
  const { node, group, isOpen } = row;
  if (!node.size && !group) return html`<span class="twig" />`;
  const onClick = (event) => {
    event.stopPropagation();
    toggle(row);
  };
  return html`<span aria-hidden="true" class=${`twig twig-button ${isOpen ? "" : "is-collapsed"}`} onClick=${onClick}>
    <${Icon} name="down" /><span class="twig-count">${isOpen || group ? "" : count(node.size)}</span>
  </span>`;
}

function GroupBar({ group, zoom, hue }) {
  const [from, to] = [placeOf(group.start, zoom), placeOf(group.end, zoom)];
  if (to < 0 || from > 1) return html`<span class="wf-time" />`;
  const isLate = to > 0.7;
  return html`<span class="wf-time">
    <i class=${`wf-bar is-many ${hue} ${group.failed ? "is-failed" : ""}`} style=${stretch(from, to, 3)} />
    <span class=${`wf-duration ${isLate && from < 0.3 ? "is-inside" : ""}`}
      style=${placeOfLabel(from, to, isLate, isLate && from >= 0.3)}>median ${duration(group.median)}</span>
  </span>`;
}

function Bar({ node, zoom, hue, critical, isFailed }) {
  const { span, start, end } = node;
  const from = placeOf(start, zoom);
  const to = Math.max(from, placeOf(end, zoom));
  const isOut = to < 0 || from > 1;
  const isRunning = span.durationMs === null && !span.isEvent;
  const classes = ["wf-bar", hue, isFailed && "is-failed", isRunning && "is-running", span.isEvent && "is-event"];
  const label = span.isEvent
    ? ""
    : isRunning
      ? `running, ${duration(Math.max(0, Math.round(end - start)))}`
      : duration(span.durationMs);
  // On a phone there is only room for tokens where the bar ends early, or in a long one.
  const used = narrow.matches && to > 0.45 && to - from < 0.6 ? "" : usage(span);
  // Where the label would not fit after the bar it stands before it, or in it.
  const isLate = to > (used || isRunning ? 0.62 : 0.8);
  const isBefore = isLate && from > (used || isRunning ? 0.4 : 0.2);
  return html`<span class="wf-time">
    ${
      !isOut &&
      html`<i class=${classes.filter((name) => typeof name === "string").join(" ")}
      style=${span.isEvent ? { left: share(from) } : stretch(from, to, 3)} />`
    }
    ${critical && html`<span class="unseen">on the critical path</span>`}
    ${critical?.map((part, index) => html`<${CriticalPart} key=${index} part=${part} zoom=${zoom} />`)}
    ${
      !isOut &&
      label &&
      html`<span class=${`wf-duration ${isLate && !isBefore ? "is-inside" : ""}`}
      style=${placeOfLabel(from, to, isLate, isBefore)}>${label}${used}</span>`
    }
  </span>`;
}

function CriticalPart({ part, zoom }) {
  const from = placeOf(part.start, zoom);
  const to = placeOf(part.end, zoom);
  return to > Math.max(0, from) && from < 1 ? html`<i class="wf-critical" style=${stretch(from, to, 1.5)} />` : null;
}

const stretch = (from, to, least) => ({
  left: share(from),
  width: `max(${least}px, ${share(clamp(to) - clamp(from))})`,
});

/** After the bar, before it, or at its end within. */
function placeOfLabel(from, to, isLate, isBefore) {
  if (!isLate) return { left: `calc(${share(to)} + 7px)`, right: "auto" };
  return {
    left: "auto",
    right: isBefore ? `calc(${share(1 - clamp(from))} + 7px)` : share(1 - clamp(to)),
  };
}

function usage({ totalTokens, costUsd }) {
  if (totalTokens === null) return "";
  return ` · ${short(totalTokens)} tok${costUsd ? ` · ${cost(costUsd)}` : ""}`;
}

const share = (value) => `${(clamp(value) * 100).toFixed(3)}%`;

const clamp = (value) => Math.min(1, Math.max(0, value));
