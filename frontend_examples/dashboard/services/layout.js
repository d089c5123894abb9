// Where services stand in the graph: callers left of what they call, with as few crossings as two sweeps give.

/**
 * @param {{from: string, to: string}[]} edges
 * @returns {{places: Map<string, {column: number, row: number}>, columns: number, rows: number}}
 */
export function layout(edges) {
  const names = [...new Set(edges.flatMap(({ from, to }) => [from, to]))];
  const calls = new Map(names.map((name) => [name, []]));
  for (const { from, to } of edges) if (from !== to) calls.get(from).push(to);
  const columns = columnsOf(names, calls);
  const lanes = [];
  for (const name of names) (lanes[columns.get(name)] ??= []).push(name);
  sweep(lanes, edges);
  const rows = Math.max(1, ...lanes.map((lane) => lane.length));
  const places = new Map(
    lanes.flatMap((lane, column) =>
      lane.map((name, index) => [name, { column, row: index + (rows - lane.length) / 2 }]),
    ),
  );
  return { places, columns: lanes.length, rows };
}

/** The longest way to each service from one that nobody calls; calls that close a circle do not count. */
function columnsOf(names, calls) {
  const columns = new Map();
  const open = new Set();
  const place = (name, column) => {
    if (open.has(name) || (columns.get(name) ?? -1) >= column) return;
    columns.set(name, column);
    open.add(name);
    for (const callee of calls.get(name)) place(callee, column + 1);
    open.delete(name);
  };
  const called = new Set([...calls.values()].flat());
  for (const name of names) if (!called.has(name)) place(name, 0);
  for (const name of names) if (!columns.has(name)) place(name, 0);
  return columns;
}

/** Put each service at the mean height of its neighbours, twice. */
function sweep(lanes, edges) {
  for (let turn = 0; turn < 4; turn++) {
    const height = new Map(lanes.flatMap((lane) => lane.map((name, index) => [name, (index + 0.5) / lane.length])));
    const mean = (name) => {
      const near = edges
        .filter(({ from, to }) => (turn % 2 ? from : to) === name)
        .map(({ from, to }) => height.get(turn % 2 ? to : from));
      return near.length ? near.reduce((sum, one) => sum + one, 0) / near.length : height.get(name);
    };
    for (const lane of lanes) lane.sort((a, b) => mean(a) - mean(b));
  }
}
