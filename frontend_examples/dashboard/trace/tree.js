// The spans of a trace as a tree, written out in the order of a waterfall. Right for any trace: spans whose parent is
// missing stand at the top, and of spans that name each other in a circle the earliest does.
import { since } from "../format/times.js";

/**
 * @typedef {{span: any, index: number, depth: number, parent: Node | null, size: number, start: number, end: number, place: number, peers: number}} Node
 *   start and end in milliseconds after the trace began; size counts the spans below; place is that among its peers
 * @typedef {{nodes: Node[], byId: Map<string, Node>, total: number}} Tree total: milliseconds from first to last
 */

/** @param {any[]} spans in the order in which they began @param {any} trace whose spans may be still more @returns {Tree} */
export function buildTree(spans, trace) {
  const startOf = since(trace.startedAt);
  const offsets = new Map(spans.map((span) => [span.spanId, times(span, startOf)]));
  let total = trace.durationMs ?? 0;
  for (const { start, end } of offsets.values()) total = Math.max(total, start, end ?? 0);
  const { roots, children } = families(spans);
  const nodes = [];
  const seen = new Set();
  const pending = [];
  const push = (list, parent) => {
    for (let place = list.length - 1; place >= 0; place--) pending.push([list[place], parent, place + 1, list.length]);
  };
  const walk = () => {
    while (pending.length) {
      const [span, parent, place, peers] = pending.pop();
      if (seen.has(span.spanId)) continue;
      seen.add(span.spanId);
      const { start, end } = offsets.get(span.spanId);
      const depth = parent ? parent.depth + 1 : 0;
      const node = { span, index: nodes.length, depth, parent, size: 0, start, end: end ?? total, place, peers };
      nodes.push(node);
      push(children.get(span.spanId) ?? [], node);
    }
  };
  push(roots, null);
  walk();
  for (const span of spans) if (!seen.has(span.spanId)) push([span], null), walk();
  for (let index = nodes.length - 1; index >= 0; index--) {
    const { parent, size } = nodes[index];
    if (parent) parent.size += size + 1;
  }
  return { nodes, byId: new Map(nodes.map((node) => [node.span.spanId, node])), total: total || 1 };
}

/** The nodes that are not below a collapsed one. @param {Tree} tree @param {Set<string>} collapsed ids of spans */
export function visibleNodes({ nodes }, collapsed) {
  if (!collapsed.size) return nodes;
  const visible = [];
  for (let index = 0; index < nodes.length; index++) {
    visible.push(nodes[index]);
    if (collapsed.has(nodes[index].span.spanId)) index += nodes[index].size;
  }
  return visible;
}

/** The ids of all spans above one. */
export function above(node) {
  const ids = [];
  for (let at = node.parent; at; at = at.parent) ids.push(at.span.spanId);
  return ids;
}

function times({ startedAt, durationMs }, startOf) {
  const start = startOf(startedAt);
  return { start, end: durationMs === null ? null : start + durationMs };
}

function families(spans) {
  const ids = new Set(spans.map((span) => span.spanId));
  const roots = [];
  const children = new Map();
  for (const span of spans) {
    const list = ids.has(span.parentSpanId) ? children.get(span.parentSpanId) ?? [] : roots;
    list.push(span);
    if (list !== roots) children.set(span.parentSpanId, list);
  }
  return { roots, children };
}
