// Which rows of a tree are shown: not what is below a closed one, like siblings as one, and only matches if so wished.

/**
 * @typedef {import("./tree.js").Node} Node
 * @typedef {{id: string, nodes: Node[], start: number, end: number, failed: number, median: number}} Group
 *   siblings of one name and type
 * @typedef {{node: Node, depth: number, group: Group | null, isOpen: boolean}} Row the node of a group is its first
 */

const LEAST = 8;

/**
 * Siblings of one name, where they are many.
 * @param {import("./tree.js").Tree} tree
 * @returns {Map<Node, Group>} by member
 */
export function likeSiblings({ nodes }) {
  const families = new Map();
  for (const node of nodes) {
    if (node.peers < LEAST) continue;
    if (!families.has(node.parent)) families.set(node.parent, []);
    families.get(node.parent).push(node);
  }
  const groups = new Map();
  for (const family of families.values()) {
    for (const members of alike(family)) {
      const group = groupOf(members);
      for (const node of members) groups.set(node, group);
    }
  }
  return groups;
}

/** Those of one family that are many. Most names stand alone, and nothing is made of them. */
function alike(family) {
  const times = new Map();
  // Whatever is there so often is also among those before the last few.
  for (let place = 0; place <= family.length - LEAST; place++) times.set(family[place].span.name, 0);
  for (const { span } of family) if (times.has(span.name)) times.set(span.name, times.get(span.name) + 1);
  const many = new Map();
  for (const node of family) {
    const { name, type } = node.span;
    if (!(times.get(name) >= LEAST)) continue;
    const key = `${name}\n${type}`;
    if (!many.has(key)) many.set(key, []);
    many.get(key).push(node);
  }
  return [...many.values()].filter((members) => members.length >= LEAST);
}

function groupOf(members) {
  const lengths = members.map(({ start, end }) => end - start).sort((a, b) => a - b);
  return {
    id: `like-${members[0].span.spanId}`,
    nodes: members,
    start: members[0].start,
    end: members.reduce((last, { end }) => Math.max(last, end), 0),
    failed: members.filter(({ span }) => span.status === "ERROR").length,
    median: lengths[Math.floor(lengths.length / 2)],
  };
}

/**
 * @param {import("./tree.js").Tree} tree
 * @param {{collapsed: Set<string>, groups: Map<Node, Group>, opened: Set<string>, kept?: Set<Node> | null}} how
 *   collapsed: ids of closed spans; opened: ids of groups whose members are shown; kept: only these nodes
 * @returns {Row[]}
 */
export function visibleRows({ nodes }, { collapsed, groups, opened, kept = null }) {
  const rows = [];
  const shown = new Set();
  const walk = (from, to, deeper) => {
    for (let index = from; index < to; index++) {
      const node = nodes[index];
      const group = kept ? null : (groups.get(node) ?? null);
      if (group) {
        if (!shown.has(group)) walkGroup(group, deeper);
        index += node.size;
      } else if (kept && !kept.has(node)) index += node.size;
      else index += put(node, deeper);
    }
  };
  /** @returns how many nodes below it are to be passed over */
  const put = (node, deeper) => {
    const isOpen = !collapsed.has(node.span.spanId);
    rows.push({ node, depth: node.depth + deeper, group: null, isOpen });
    return isOpen ? 0 : node.size;
  };
  const walkGroup = (group, deeper) => {
    shown.add(group);
    const isOpen = opened.has(group.id);
    rows.push({ node: group.nodes[0], depth: group.nodes[0].depth + deeper, group, isOpen });
    if (!isOpen) return;
    for (const node of group.nodes) {
      const skipped = put(node, deeper + 1);
      if (!skipped) walk(node.index + 1, node.index + 1 + node.size, deeper + 1);
    }
  };
  walk(0, nodes.length, 0);
  return rows;
}

/** Nodes and all above them, so that matches stay in their place. @param {Node[]} found */
export function withAncestors(found) {
  const kept = new Set();
  for (const node of found) for (let at = node; at && !kept.has(at); at = at.parent) kept.add(at);
  return kept;
}

/** The groups that hide a node unless they are open. @param {Node} node @param {Map<Node, Group>} groups */
export function groupsAbove(node, groups) {
  const ids = [];
  for (let at = node; at; at = at.parent) if (groups.has(at)) ids.push(groups.get(at).id);
  return ids;
}
