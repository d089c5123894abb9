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
  const { byId, total } = placed(spans, trace);
  const { roots, children } = families(byId);
  const nodes = [];
  const pending = [];
  // Last in, first out: the children of a node follow it, and the first of them first. A circle ends where it began.
  const push = (list, parent) => {
    for (let place = list.length - 1; place >= 0; place--) {
      const node = list[place];
      if (node.index >= 0) continue;
      Object.assign(node, { parent, depth: parent ? parent.depth + 1 : 0, place: place + 1, peers: list.length });
      pending.push(node);
    }
  };
  const walk = () => {
    while (pending.length) {
      const node = pending.pop();
      node.index = nodes.length;
      node.end ??= total;
      nodes.push(node);
      const below = children.get(node.span.spanId);
      if (below) push(below, node);
    }
  };
  push(roots, null);
  walk();
  for (const node of byId.values()) if (node.index < 0) push([node], null), walk();
  for (let index = nodes.length - 1; index >= 0; index--) {
    const { parent, size } = nodes[index];
    if (parent) parent.size += size + 1;
  }
  return { nodes, byId, total: total || 1 };
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

/** A node for each span, that knows its time and not yet its place; what runs has no end. */
function placed(spans, trace) {
  const startOf = since(trace.startedAt);
  const byId = new Map();
  let total = trace.durationMs ?? 0;
  for (const span of spans) {
    const start = startOf(span.startedAt);
    const end = span.durationMs === null ? null : start + span.durationMs;
    total = Math.max(total, start, end ?? 0);
    byId.set(span.spanId, { span, index: -1, depth: 0, parent: null, size: 0, start, end, place: 1, peers: 1 });
  }
  return { byId, total };
}

function families(byId) {
  const roots = [];
  const children = new Map();
  for (const node of byId.values()) {
    const { parentSpanId } = node.span;
    const list = byId.has(parentSpanId) ? children.get(parentSpanId) : roots;
    if (list) list.push(node);
    else children.set(parentSpanId, [node]);
  }
  return { roots, children };
}
