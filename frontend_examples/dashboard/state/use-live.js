// A list that lives: what is new comes on top, what changes is changed in its place.
import { useEffect, useState } from "../html.js";
import { LIVE_SPANS, LIVE_TRACES } from "../api/documents.js";
import { listen } from "../api/live.js";

const GATHERED = 250;
const MOST = 500;

const SUBJECTS = {
  traces: { query: LIVE_TRACES, read: ({ traces }) => ({ cursor: traces.cursor, key: traces.trace.traceId, node: traces.trace }), keyOf: (trace) => trace.traceId },
  spans: { query: LIVE_SPANS, read: ({ spans }) => ({ cursor: spans.cursor, key: keyOfSpan(spans.span), node: spans.span }), keyOf: keyOfSpan },
};

/**
 * @param {"traces" | "spans"} subject
 * @param {{isOn: boolean, filter: object, isNewestFirst: boolean, setNodes: (change: (nodes: any[]) => any[]) => void, onChange: () => void, onJoin: () => void}} how
 *   onChange is called when something has come, at most every quarter second; onJoin when the feed has begun, so that a
 *   list asked then misses nothing
 * @returns {{name: "off" | "joining" | "live" | "lost" | "refused", error?: Error}}
 */
export function useLive(subject, { isOn, filter, isNewestFirst, setNodes, onChange, onJoin }) {
  const [state, setState] = useState({ name: "off" });
  useEffect(() => {
    if (!isOn) return setState({ name: "off" });
    setState({ name: "joining" });
    const aborter = new AbortController();
    const { query, read, keyOf } = SUBJECTS[subject];
    let gathered = new Map();
    let wait = null;
    const flush = () => {
      const changes = gathered;
      gathered = new Map();
      wait = null;
      setNodes((nodes) => merged(nodes, changes, keyOf, isNewestFirst));
      onChange();
    };
    const onNext = (data) => {
      const { cursor, key, node } = read(data);
      gathered.set(key, node);
      wait ??= setTimeout(flush, GATHERED);
      return cursor;
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

/** Nodes with changes applied; a change to nothing (null) takes its node away. */
export function merged(nodes, changes, keyOf, isNewestFirst) {
  const rest = new Map(changes);
  const kept = nodes.flatMap((node) => {
    const key = keyOf(node);
    if (!rest.has(key)) return [node];
    const changed = rest.get(key);
    rest.delete(key);
    return changed ? [changed] : [];
  });
  if (!isNewestFirst) return kept;
  const arrived = [...rest.values()].filter(Boolean).map((node) => ({ ...node, isNew: true }));
  if (!arrived.length) return kept;
  // RFC 3339 moments of one zone, without their Z, are in order when their texts are.
  return [...arrived, ...kept].sort((a, b) => (moment(b) > moment(a) ? 1 : moment(b) < moment(a) ? -1 : 0)).slice(0, Math.max(MOST, nodes.length));
}

const moment = ({ startedAt }) => startedAt.slice(0, -1);

function keyOfSpan({ traceId, spanId }) {
  return `${traceId}/${spanId}`;
}
