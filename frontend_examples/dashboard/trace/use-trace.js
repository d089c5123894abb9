// A whole trace as a tree: its first spans at once, then all others, 10,000 at a time.
import { useCallback, useLayoutEffect, useMemo, useState } from "../html.js";
import { TRACE } from "../api/documents.js";
import { request } from "../api/request.js";
import { buildTree } from "./tree.js";

const FIRST = 1000;
const MOST = 10_000;

export function useTrace(traceId) {
  const [state, setState] = useState({ trace: null, spans: [], isComplete: false, error: null });
  const [turn, setTurn] = useState(0);
  useLayoutEffect(() => {
    const aborter = new AbortController();
    const show = (part) => aborter.signal.aborted || setState((last) => ({ ...last, error: null, ...part }));
    loadAll(traceId, aborter.signal, show).catch((error) => show({ error }));
    return () => aborter.abort();
  }, [traceId, turn]);
  const { trace, spans } = state;
  const tree = useMemo(() => trace && buildTree(spans, trace), [trace, spans]);
  return { ...state, tree, reload: useCallback(() => setTurn((last) => last + 1), []) };
}

const nextTask = () => new Promise((resolve) => setTimeout(resolve));

async function loadAll(traceId, signal, show) {
  let spans = [];
  let after = null;
  do {
    const { trace } = await request(TRACE, { traceId, first: after ? MOST : FIRST, after }, { signal });
    if (!trace) return show({ trace: null, spans: [], isComplete: true });
    await nextTask(); // What has been read is drawn in a frame of its own: who scrolls meanwhile goes on scrolling.
    spans = spans.concat(trace.spans.nodes);
    after = trace.spans.pageInfo.hasNextPage ? trace.spans.pageInfo.endCursor : null;
    show({ trace, spans, isComplete: !after });
  } while (after);
}
