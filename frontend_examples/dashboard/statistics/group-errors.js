// Failed spans in groups of the same error: same service, same name, same message but for its ids and numbers.
import { errorOf } from "../span/errors.js";

const STRETCHES = 24;

/** What differs from one occurrence to the next is left out: ids, numbers, quoted values. */
export function pattern(message) {
  return message
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, "…")
    .replace(/\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, "…")
    .replace(/\d+(?:[.,:]\d+)*/g, "…");
}

/**
 * @param {any[]} spans the newest first
 * @param {{from: number | null, to: number}} period from null: since the first of them
 */
export function groupErrors(spans, { from, to }) {
  const begin = from ?? Math.min(to, ...spans.map(({ startedAt }) => Date.parse(startedAt)));
  const groups = new Map();
  for (const span of spans) {
    const { name, message } = errorOf({ ...span, status: "ERROR" });
    const words = (message ?? name ?? "").split("\n")[0];
    const key = JSON.stringify([span.serviceName, name, pattern(words)]);
    if (!groups.has(key)) groups.set(key, newGroup(key, span, name, words));
    addTo(groups.get(key), span, (Date.parse(span.startedAt) - begin) / (to - begin || 1));
  }
  return [...groups.values()].sort((a, b) => b.spans - a.spans);
}

const newGroup = (key, newest, name, message) => ({
  key,
  name,
  message,
  service: newest.serviceName,
  newest,
  spans: 0,
  operations: [],
  firstAt: newest.startedAt,
  trend: new Array(STRETCHES).fill(0),
});

function addTo(group, span, share) {
  group.spans += 1;
  group.firstAt = span.startedAt;
  group.trend[Math.min(STRETCHES - 1, Math.max(0, Math.floor(share * STRETCHES)))] += 1;
  if (!group.operations.includes(span.name)) group.operations.push(span.name);
}
