// A whole trace as a tree: its first spans at once, then all others, 10,000 at a time; and what changes while it runs.
import { useCallback, useEffect, useLayoutEffect, useMemo, useState } from "../html.js";
import { LIVE_TRACE, SPANS_SINCE, TRACE, TRACE_HEAD, firstPage, nextCursor, nextPage } from "../api/documents.js";
import { listen } from "../api/live.js";
import { request } from "../api/request.js";
import { buildTree } from "../waterfall/tree.js";

/** The tree is made of all spans that have come, at most this often. */
const DRAWN_EVERY = 1500;
const GATHERED = 300;
const FRESH = 600_000;
/** What has run for longer, and began nothing for an hour, was given up; or it was imported long after. */
const LONGEST = 86_400_000;
const SILENCE = 3_600_000;

/**
 * @returns {{trace: any, spans: any[], isComplete: boolean, error: Error | null, isGone: boolean, tree: any,
 *   now: number | null, reload: () => void}} now: the moment to which what runs has run; null if nothing runs
 */
export function useTrace(traceId) {
  const [state, setState] = useState({ trace: null, spans: [], isComplete: false, error: null, isGone: false });
  const [turn, setTurn] = useState(0);
  useLayoutEffect(() => {
    const aborter = new AbortController();
    const show = (part) => aborter.signal.aborted || setState((last) => ({ ...last, error: null, ...part }));
    loadAll(traceId, aborter.signal, show).catch((error) => show({ error }));
    return () => aborter.abort();
  }, [traceId, turn]);
  const { trace, spans, isComplete } = state;
  const isRunning = useMemo(() => Boolean(trace) && runs(trace, spans), [trace, spans]);
  const isFresh = useMemo(
    () => isRunning || (trace && Date.now() - Date.parse(trace.changedAt) < FRESH),
    [trace?.traceId, isRunning],
  );
  useFollowing(traceId, isComplete && isFresh, trace?.changedAt, setState);
  const now = useNow(isRunning, spans.length > 5000 ? 5000 : 1000);
  const tree = useMemo(() => trace && buildTree(spans, trace, now), [trace, spans, now]);
  return { ...state, tree, now, reload: useCallback(() => setTurn((last) => last + 1), []) };
}

export function runs(trace, spans) {
  const isOpen = trace.durationMs === null || spans.some(({ durationMs, isEvent }) => durationMs === null && !isEvent);
  const age = ({ startedAt }) => Date.now() - Date.parse(startedAt);
  return isOpen && (age(trace) < LONGEST || age(spans.at(-1) ?? trace) < SILENCE);
}

function useNow(isRunning, every) {
  const [now, setNow] = useState(null);
  useEffect(() => {
    if (!isRunning) return setNow(null);
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [isRunning, every]);
  return now;
}

/** Spans that are stored or changed while one looks are put in; the figures of the trace are asked anew. */
function useFollowing(traceId, isOn, since, setState) {
  useEffect(() => {
    if (!isOn) return undefined;
    const aborter = new AbortController();
    let gathered = new Map();
    let wait = null;
    const flush = async () => {
      const changed = gathered;
      gathered = new Map();
      wait = null;
      const { trace } = await request(TRACE_HEAD, { traceId }, { signal: aborter.signal });
      setState((last) =>
        trace ? { ...last, trace, spans: withChanged(last.spans, changed) } : { ...last, isGone: true },
      );
    };
    const soon = () => {
      wait ??= setTimeout(() => flush().catch(() => {}), GATHERED);
    };
    const onNext = ({ spans: { cursor, span } }) => {
      // What a later change brings is newer than what was missed.
      if (span) gathered.set(span.spanId, span);
      soon();
      return cursor;
    };
    const onState = (name) => name === "live" && missed({ traceId, since, signal: aborter.signal }, gathered, soon);
    listen(LIVE_TRACE, { filter: { traceId: { eq: traceId } } }, { onNext, onState, signal: aborter.signal });
    return () => {
      aborter.abort();
      clearTimeout(wait);
    };
  }, [traceId, isOn]);
}

/** What came between the loading and the beginning of the feed. */
async function missed({ traceId, since, signal }, gathered, soon) {
  const { trace } = await request(SPANS_SINCE, { traceId, since }, { signal }).catch(() => ({}));
  for (const span of trace?.spans.nodes ?? []) if (!gathered.has(span.spanId)) gathered.set(span.spanId, span);
  if (trace?.spans.nodes.length) soon();
}

export function withChanged(spans, changed) {
  const rest = new Map(changed);
  const kept = spans.map((span) => {
    const now = rest.get(span.spanId) ?? span;
    rest.delete(span.spanId);
    return now;
  });
  if (!rest.size) return kept;
  return [...kept, ...rest.values()].sort((a, b) => (a.startedAt.slice(0, -1) < b.startedAt.slice(0, -1) ? -1 : 1));
}

const nextTask = () => new Promise((resolve) => setTimeout(resolve));

/** @typedef {{trace: any, next: Promise<Answer> | null}} Answer a page of spans, and the one after it */

/**
 * Each page is asked for as soon as it is known where it begins, whatever is being drawn then.
 * @returns {Promise<Answer>}
 */
async function askFrom(page, signal) {
  let next = null;
  const askNext = (after) => {
    next = after ? askFrom(nextPage(page.traceId, after), signal) : null;
    next?.catch(() => {}); // Who reads on hears of it.
  };
  const { trace } = await request(TRACE, page, { signal, onText: (text) => askNext(nextCursor(text)) });
  // What was asked ahead has not told.
  const { hasNextPage, endCursor } = trace?.spans.pageInfo ?? {};
  if (!next && hasNextPage) askNext(endCursor);
  return { trace, next };
}

async function loadAll(traceId, signal, show) {
  const spans = [];
  const begun = performance.now();
  let drawnAt = -Infinity;
  let answer = askFrom(firstPage(traceId), signal);
  while (answer) {
    const { trace, next } = await answer;
    if (!trace) return show({ trace: null, spans: [], isComplete: true });
    spans.push(...trace.spans.nodes);
    answer = next;
    const now = performance.now();
    // What is nearly there is drawn once.
    const isNear = drawnAt > 0 && timeLeft(spans.length, trace.spanCount, now - begun) < DRAWN_EVERY;
    if (answer && (isNear || now - drawnAt < DRAWN_EVERY)) continue;
    drawnAt = now;
    await nextTask(); // What has been read is drawn in a frame of its own: who scrolls meanwhile goes on scrolling.
    show({ trace, spans: [...spans], isComplete: !answer });
  }
  return undefined;
}

const timeLeft = (there, all, taken) => (taken * (all - there)) / there;
