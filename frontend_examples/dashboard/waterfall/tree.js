// The spans of a trace as a tree, written out in the order of a waterfall. Right for any trace: spans whose parent is
// missing stand at the top, and of spans that name each other in a circle the earliest does.
import { since } from "../format/times.js";

/**
 * @typedef {{span: any, index: number, depth: number, parent: Node | null, children: Node[] | null, size: number,
 *   start: number, end: number, place: number, peers: number}} Node
 *   start and end in milliseconds after the trace began; size counts the spans below; place is that among its peers
 * @typedef {{nodes: Node[], byId: Map<string, Node>, total: number}} Tree total: milliseconds from first to last
 */

/**
 * @param {any[]} spans in the order in which they began @param {any} trace whose spans may be still more
 * @param {number | null} [now] the moment to which what runs has run; left out, it is the last that is known
 * @returns {Tree}
 */
export function buildTree(spans, trace, now = null) {
  const { byId, total } = placed(spans, trace, now);
  const roots = families(byId);
  const nodes = [];
  const pending = [];
  // Last in, first out: the children of a node follow it, and the first of them first. A circle ends where it began.
  const push = (list, parent) => {
    for (let place = list.length - 1; place >= 0; place--) {
      const node = list[place];
      if (node.index >= 0) continue;
      node.parent = parent;
      node.depth = parent ? parent.depth + 1 : 0;
      node.place = place + 1;
      node.peers = list.length;
      pending.push(node);
    }
  };
  const walk = () => {
    while (pending.length) {
      const node = pending.pop();
      node.index = nodes.length;
      node.end ??= node.span.isEvent ? node.start : total;
      nodes.push(node);
      if (node.children) push(node.children, node);
    }
  };
  push(roots, null);
  walk();
  for (const node of byId.values()) if (node.index < 0) (push([node], null), walk());
  for (let index = nodes.length - 1; index >= 0; index--) {
    const { parent, size } = nodes[index];
    if (parent) parent.size += size + 1;
  }
  return { nodes, byId, total: total || 1 };
}

/** The ids of all spans above one. */
export function above(node) {
  const ids = [];
  for (let at = node.parent; at; at = at.parent) ids.push(at.span.spanId);
  return ids;
}

/** A node for each span, that knows its time and not yet its place; what runs has no end. */
function placed(spans, trace, now) {
  const startOf = since(trace.startedAt);
  const byId = new Map();
  let total = Math.max(trace.durationMs ?? 0, now === null ? 0 : now - Date.parse(trace.startedAt));
  for (const span of spans) {
    const start = startOf(span.startedAt);
    const end = span.durationMs === null ? null : start + span.durationMs;
    total = Math.max(total, start, end ?? 0);
    const node = { span, index: -1, depth: 0, parent: null, children: null, size: 0, start, end, place: 1, peers: 1 };
    byId.set(span.spanId, node);
  }
  return { byId, total };
}

/** Gives each node its children; returns those that have no parent here. */
function families(byId) {
  const roots = [];
  for (const node of byId.values()) {
    const parent = byId.get(node.span.parentSpanId);
    if (!parent) roots.push(node);
    else if (parent.children) parent.children.push(node);
    else parent.children = [node];
  }
  return roots;
}

/** How long each node was busy itself, in milliseconds: its time without the time of any of its children. */
export function selfTimes({ nodes }) {
  const times = nodes.map(({ start, end }) => end - start);
  const busyUntil = nodes.map(({ start }) => start);
  // Siblings stand in the order in which they began, so what overlaps one before it is counted once.
  for (const { parent, start, end } of nodes) {
    if (!parent) continue;
    const from = Math.max(start, busyUntil[parent.index], parent.start);
    const to = Math.min(end, parent.end);
    if (to <= from) continue;
    times[parent.index] -= to - from;
    busyUntil[parent.index] = to;
  }
  return times;
}
