// A list that lives: what is new comes on top, what changes is changed in its place, what is gone is taken out.
import { useEffect, useState } from "../html.js";
import { LIVE_SPANS, LIVE_TRACES } from "../api/documents.js";
import { listen } from "../api/live.js";

const GATHERED = 250;
const MOST = 500;

const keyOfSpan = ({ traceId, spanId }) => `${traceId}/${spanId}`;

const SUBJECTS = {
  traces: { query: LIVE_TRACES, field: "traces", node: "trace", keyOf: ({ traceId }) => traceId },
  spans: { query: LIVE_SPANS, field: "spans", node: "span", keyOf: keyOfSpan },
};

/** @typedef {{all?: boolean, traceId?: string, spanId?: string | null}} Gone what is no longer there */
/** @typedef {{nodes: Map<string, any>, gone: Gone[]}} Changes */

/**
 * @param {"traces" | "spans"} subject
 * @param {{isOn: boolean, filter: object, isNewestFirst: boolean, setNodes: (change: (nodes: any[]) => any[]) => void,
 *   reload: () => void, onChange: () => void, onJoin: () => void}} how
 *   onChange is called when something has come, at most every quarter second; onJoin when the feed has begun, so that a
 *   list asked then misses nothing; reload asks the list anew, where only the server knows the place of what has come
 * @returns {{name: "off" | "joining" | "live" | "lost" | "refused", error?: Error}}
 */
export function useLive(subject, { isOn, filter, isNewestFirst, setNodes, reload, onChange, onJoin }) {
  const [state, setState] = useState({ name: "off" });
  useEffect(() => {
    if (!isOn) return setState({ name: "off" });
    setState({ name: "joining" });
    const aborter = new AbortController();
    const { query, field, node, keyOf } = SUBJECTS[subject];
    let changes = { nodes: new Map(), gone: [] };
    let wait = null;
    const flush = () => {
      const gathered = changes;
      changes = { nodes: new Map(), gone: [] };
      wait = null;
      setNodes((nodes) => merged(nodes, gathered, keyOf, isNewestFirst));
      if (!isNewestFirst) reload();
      onChange();
    };
    const onNext = (data) => {
      const change = data[field];
      if (change.removed) changes.gone.push(goneOf(change.removed));
      else changes.nodes.set(keyOf(change[node]), change[node]);
      wait ??= setTimeout(flush, isNewestFirst ? GATHERED : 4 * GATHERED);
      return change.cursor;
    };
    const onState = (name, error) => {
      setState({ name, error });
      if (name === "live") onJoin();
    };
    listen(query, { filter }, { onNext, onState, signal: aborter.signal });
    return () => {
      aborter.abort();
      clearTimeout(wait);
    };
  }, [subject, isOn, JSON.stringify(filter), isNewestFirst]);
  return state;
}

/** @returns {Gone} */
const goneOf = ({ traceId, spanId }) => (traceId ? { traceId, spanId } : { all: true });

/** Nodes with changes applied: first what is gone is taken out, then what has come is put in. */
export function merged(nodes, { nodes: changed, gone }, keyOf, isNewestFirst) {
  const rest = new Map(changed);
  const isGone = (node) => gone.some((one) => covers(one, node));
  const kept = nodes.flatMap((node) => {
    const key = keyOf(node);
    const now = rest.get(key);
    rest.delete(key);
    return now ? [now] : isGone(node) ? [] : [node];
  });
  if (!isNewestFirst || !rest.size) return kept;
  const arrived = [...rest.values()].map((node) => ({ ...node, isNew: true }));
  return [...arrived, ...kept].sort(byStart).slice(0, Math.max(MOST, nodes.length));
}

const covers = ({ all, traceId, spanId }, node) =>
  Boolean(all) || (node.traceId === traceId && (!spanId || node.spanId === spanId));

/** RFC 3339 moments of one zone, without their Z, are in order when their texts are. */
function byStart(a, b) {
  const [one, other] = [a, b].map(({ startedAt }) => startedAt.slice(0, -1));
  return other > one ? 1 : other < one ? -1 : 0;
}
