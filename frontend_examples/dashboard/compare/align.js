// Spans of two traces, put beside each other by their path: the names from the root down to them. Spans of one path
// count as one row, with their time in all.

/**
 * @typedef {{ms: number, times: number, failed: number, spanId: string, tokens: number, cost: number}} Side
 * @typedef {{path: string, name: string, depth: number, one: Side | null, other: Side | null, change: number}}
 *   AlignedRow
 */

/**
 * @returns {AlignedRow[]} in the order of the first trace, with what only the second has after what stands before
 *   it there
 */
export function aligned(oneSpans, otherSpans) {
  const [ones, others] = [oneSpans, otherSpans].map(byPath);
  const paths = merge([...ones.keys()], [...others.keys()]);
  return paths.map((path) => {
    const [one, other] = [ones.get(path) ?? null, others.get(path) ?? null];
    const names = JSON.parse(path);
    return { path, name: names.at(-1), depth: names.length - 1, one, other, change: (other?.ms ?? 0) - (one?.ms ?? 0) };
  });
}

function byPath(spans) {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const children = new Map();
  for (const span of spans) {
    const parent = byId.has(span.parentSpanId) && span.parentSpanId !== span.spanId ? span.parentSpanId : null;
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const sides = new Map();
  const pending = (children.get(null) ?? []).map((span) => ({ span, names: [span.name] })).reverse();
  while (pending.length) {
    const { span, names } = pending.pop();
    add(sides, JSON.stringify(names), span);
    const below = (children.get(span.spanId) ?? []).map((child) => ({ span: child, names: [...names, child.name] }));
    pending.push(...below.reverse());
  }
  return sides;
}

function add(sides, path, span) {
  const side = sides.get(path) ?? { ms: 0, times: 0, failed: 0, spanId: span.spanId, tokens: 0, cost: 0 };
  side.ms += span.durationMs ?? 0;
  side.times += 1;
  side.failed += Number(span.status === "ERROR");
  side.tokens += span.totalTokens ?? 0;
  side.cost += span.costUsd ?? 0;
  sides.set(path, side);
}

/** Both lists in one, each in its own order. */
function merge(ones, others) {
  const known = new Set(ones);
  const after = new Map();
  let last = null;
  for (const path of others) {
    if (known.has(path)) last = path;
    else after.set(last, [...(after.get(last) ?? []), path]);
  }
  return [...(after.get(null) ?? []), ...ones.flatMap((path) => [path, ...(after.get(path) ?? [])])];
}
