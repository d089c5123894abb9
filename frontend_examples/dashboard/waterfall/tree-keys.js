// The keys of a tree, as screen readers know them: arrows walk it, and open and close what is below.

/**
 * @param {{rows: import("./rows.js").Row[], chosen: number, select: (id: string) => void,
 *   toggle: (row: import("./rows.js").Row) => void, focusRow: (index: number) => void}} tree
 *   chosen: the row that is looked at; focusRow: look at another, be it a span or a group
 */
export function treeKeys({ rows, chosen, toggle, focusRow }) {
  const row = rows[chosen];
  const isFolder = Boolean(row && (row.group || row.node.size));
  const move = (index) => rows[index] && focusRow(index);
  const up = () => {
    for (let index = chosen - 1; index >= 0; index--) if (rows[index].depth < row.depth) return focusRow(index);
    return undefined;
  };
  return {
    ArrowDown: () => move(chosen + 1),
    ArrowUp: () => move(Math.max(0, chosen - 1)),
    Home: () => move(0),
    End: () => move(rows.length - 1),
    PageDown: () => move(Math.min(rows.length - 1, chosen + 15)),
    PageUp: () => move(Math.max(0, chosen - 15)),
    ArrowRight: () => (isFolder && !row.isOpen ? toggle(row) : isFolder && move(chosen + 1)),
    ArrowLeft: () => (isFolder && row.isOpen ? toggle(row) : row && up()),
  };
}
