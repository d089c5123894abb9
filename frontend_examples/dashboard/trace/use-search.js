// Searching in a trace: the server looks everywhere (names, input, output, attributes), and the matches are walked.
import { useEffect, useMemo, useState } from "../html.js";
import { FIND_IN_TRACE } from "../api/documents.js";
import { useQuery } from "../state/use-query.js";

/**
 * @param {string} traceId
 * @param {import("../waterfall/tree.js").Tree | null} tree
 * @param {Function} select
 * @param {string} [start]
 */
export function useSearch(traceId, tree, select, start = "") {
  const [text, setText] = useState(start);
  const [asked, setAsked] = useState(start.trim());
  useEffect(() => {
    const wait = setTimeout(() => setAsked(text.trim()), 200);
    return () => clearTimeout(wait);
  }, [text]);
  const { data } = useQuery(asked ? FIND_IN_TRACE : null, { traceId, search: asked }, { fresh: true });
  const found = useMemo(() => {
    const ids = data?.trace?.spans.nodes.map(({ spanId }) => spanId);
    return asked && ids && tree ? matches(ids, tree) : null;
  }, [data, asked, tree]);
  const step = (selected, by) => {
    if (!found?.list.length) return;
    const index = found.list.findIndex((node) => node.span.spanId === selected);
    const next =
      index < 0 ? (by > 0 ? 0 : found.list.length - 1) : (index + by + found.list.length) % found.list.length;
    select(found.list[next].span.spanId);
  };
  return { text, setText, found, step, isWaiting: Boolean(text.trim()) && !found };
}

function matches(ids, tree) {
  const list = ids
    .map((id) => tree.byId.get(id))
    .filter(Boolean)
    .sort((a, b) => a.index - b.index);
  return { list, ids: new Set(ids) };
}
