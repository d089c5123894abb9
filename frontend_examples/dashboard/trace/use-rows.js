// Which rows of the waterfall are open, and which are shown.
import { useMemo, useState } from "../html.js";
import { above } from "../waterfall/tree.js";
import { groupsAbove, likeSiblings, visibleRows, withAncestors } from "../waterfall/rows.js";

const NONE = new Map();
const SHARED = 40;

/**
 * @param {import("../waterfall/tree.js").Tree} tree
 * @param {any} search
 * @param {string | null} folded ids in the address
 */
export function useRows(tree, search, folded) {
  const [collapsed, setCollapsed] = useState(() => new Set(folded?.split(",").filter(Boolean)));
  const [opened, setOpened] = useState(new Set());
  const [isGrouped, setGrouped] = useState(true);
  const [isFiltered, setFiltered] = useState(false);
  const groups = useMemo(() => (isGrouped ? likeSiblings(tree) : NONE), [tree, isGrouped]);
  const kept = useMemo(
    () => (isFiltered && search.found ? withAncestors(search.found.list) : null),
    [isFiltered, search.found],
  );
  const rows = useMemo(
    () => visibleRows(tree, { collapsed, groups, opened, kept }),
    [tree, collapsed, groups, opened, kept],
  );
  const toggle = ({ node, group }) =>
    group ? setOpened((last) => toggled(last, group.id)) : setCollapsed((last) => toggled(last, node.span.spanId));
  const reveal = (spanId) => {
    const node = tree.byId.get(spanId);
    if (!node) return;
    setCollapsed((last) => without(last, above(node)));
    setOpened((last) => withAll(last, groupsAbove(node, groups)));
  };
  const fold = () =>
    setCollapsed(new Set(tree.nodes.filter(({ size, depth }) => size && depth >= 1).map(({ span }) => span.spanId)));
  const unfold = () => setCollapsed(new Set());
  return {
    rows,
    toggle,
    reveal,
    fold,
    unfold,
    isGrouped,
    setGrouped,
    isFiltered,
    setFiltered,
    hasGroups: groups.size > 0 || !isGrouped,
    folded: () => [...collapsed].slice(0, SHARED).join(","),
  };
}

function toggled(set, item) {
  const next = new Set(set);
  if (!next.delete(item)) next.add(item);
  return next;
}

function without(set, items) {
  if (!items.some((item) => set.has(item))) return set;
  const next = new Set(set);
  for (const item of items) next.delete(item);
  return next;
}

const withAll = (set, items) => (items.every((item) => set.has(item)) ? set : new Set([...set, ...items]));
