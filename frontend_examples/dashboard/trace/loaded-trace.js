// A trace that has come: head, tools, the view of its spans, and the details of one of them.
import { html, useEffect, useMemo, useRef, useState } from "../html.js";
import { TRACE } from "../api/documents.js";
import { count } from "../format/numbers.js";
import { Splitter } from "../parts/splitter.js";
import { QueryButton } from "../query/query-button.js";
import { useMedia } from "../parts/use-media.js";
import { SpanPanel } from "../span/span-panel.js";
import { go, linkTo } from "../state/address.js";
import { zoomed } from "../waterfall/scale.js";
import { AgentGraph, hasAgents } from "./agent-graph.js";
import { FlameGraph } from "./flame-graph.js";
import { NameTable } from "./name-table.js";
import { TraceHead } from "./trace-head.js";
import { TraceTools } from "./trace-tools.js";
import { useCriticalPath } from "./use-critical-path.js";
import { useRows } from "./use-rows.js";
import { useSearch } from "./use-search.js";
import { useTraceKeys } from "./use-trace-keys.js";
import { WaterfallView } from "./waterfall-view.js";

export function LoadedTrace({ trace, tree, isComplete, params, start, now, reload }) {
  const { traceId } = trace;
  const whole = { from: 0, to: tree.total };
  // Null is the whole of it, also while that grows.
  const [zoomPart, setZoomPart] = useState(() => zoomOf(start.get("zoom")));
  const zoom = zoomPart ?? whole;
  const setZoom = (change) =>
    setZoomPart((last) => partOf(typeof change === "function" ? change(last ?? whole) : change, tree.total));
  const [view, setView] = useState(start.get("view") ?? "waterfall");
  const [isCriticalShown, showCritical] = useState(start.get("critical") !== "no");
  const [isClosed, setClosed] = useState(false);
  const isWide = useMedia("(min-width: 1000px)");
  const searchInput = useRef(null);
  const panel = useRef(null);
  const keysRef = useRef(null);
  const wanted = params.get("span");
  const isThere = tree.byId.has(wanted) || !isComplete;
  const selected = (isThere ? wanted : null) ?? (isWide && !isClosed ? tree.nodes[0]?.span.spanId : null);
  const goTo = (span) => go(linkTo(["trace", traceId], { span }), { replace: true });
  /** @returns {HTMLElement | null} */
  const treeElement = () => document.querySelector("#main .tree");
  const focusTree = () => treeElement()?.focus({ preventScroll: true });
  const search = useSearch(traceId, tree, (spanId) => select(spanId), start.get("q") ?? "");
  const shown = useRows(tree, search, start.get("fold"));
  const select = (spanId) => {
    shown.reveal(spanId);
    goTo(spanId);
  };
  const close = () => {
    setClosed(true);
    goTo(undefined);
    focusTree();
  };
  useEffect(() => {
    if (wanted && tree.byId.has(wanted)) shown.reveal(wanted);
  }, [isComplete]);
  // Services tell the spans of a distributed trace apart; within one service, types do.
  const isDistributed = trace.services.length > 1;
  const colourOf = useMemo(() => (span) => (isDistributed && span.serviceName) || span.type, [isDistributed]);
  const critical = useCriticalPath(trace, isComplete && isCriticalShown && view === "waterfall");
  const nextFailed = () => nextError(tree, selected, select);
  const zoomBy = (factor) => {
    const node = tree.byId.get(selected);
    const center = node ? (node.start + node.end) / 2 : (zoom.from + zoom.to) / 2;
    setZoom(zoomed(zoom, factor, center, tree.total));
  };
  useTraceKeys(keysRef, {
    "+": () => zoomBy(0.5),
    "-": () => zoomBy(2),
    0: () => setZoomPart(null),
    "/": () => searchInput.current.focus(),
    n: () => search.step(selected, 1),
    N: () => search.step(selected, -1),
    e: nextFailed,
    Enter: () => panel.current?.focus(),
    Escape: () => (panel.current?.contains(document.activeElement) ? close() : focusTree()),
  });
  const link = () =>
    new URL(
      linkTo(["trace", traceId], {
        span: selected,
        view: view === "waterfall" ? "" : view,
        critical: isCriticalShown ? "" : "no",
        q: search.text.trim(),
        zoom: zoomPart && `${zoomPart.from}-${zoomPart.to}`,
        fold: shown.folded(),
      }),
      document.baseURI,
    ).href;
  const shared = { tree, selected, select, colourOf };
  return html`<${TraceHead} trace=${trace} now=${now} link=${link} reload=${reload} />
    <${TraceTools}
      search=${search} selected=${selected} inputRef=${searchInput} view=${view} setView=${setView}
        hasAgents=${hasAgents(tree)}
      isZoomed=${zoomPart !== null} resetZoom=${() => setZoomPart(null)} shown=${shown}
      failed=${trace.errorCount} nextFailed=${nextFailed} isCriticalShown=${isCriticalShown}
        showCritical=${showCritical}
    >
      <${QueryButton} query=${TRACE} variables=${{ traceId, first: 1000 }} />
    <//>
    ${
      !isComplete &&
      html`<p class="trace-progress"
      role="status">Loading the rest of the ${count(trace.spanCount)} spans…</p>`
    }
    <div class=${`trace-split splits-panel ${selected ? "has-panel" : ""}`}>
      ${
        view === "waterfall" &&
        html`<${WaterfallView} ...${shared} shown=${shown} zoom=${zoom} setZoom=${setZoom}
        found=${search.found?.ids} critical=${critical} keysRef=${keysRef} />`
      }
      ${view === "flame" && html`<${FlameGraph} ...${shared} found=${search.found?.ids} />`}
      ${view === "names" && html`<${NameTable} ...${shared} />`}
      ${view === "agents" && html`<${AgentGraph} ...${shared} />`}
      ${
        selected &&
        html`<${SpanPanel} key="panel" traceId=${traceId} spanId=${selected} startedAt=${trace.startedAt}
        version=${tree.byId.get(selected)?.span} panelRef=${panel} close=${close}>
        <${Splitter} name="panel" label="Width of the details" least=${280} most=${1400} isRight=${true} />
      <//>`
      }
    </div>`;
}

function nextError({ nodes, byId }, selected, select) {
  const from = (byId.get(selected)?.index ?? -1) + 1;
  const failed = (node) => node.span.status === "ERROR";
  const next = nodes.slice(from).find(failed) ?? nodes.find(failed);
  if (next) select(next.span.spanId);
}

const partOf = ({ from, to }, total) => (from <= 0 && to >= total ? null : { from, to });

function zoomOf(text) {
  const [, from, to] = /^([\d.e+-]+?)-([\d.e+]+)$/.exec(text ?? "") ?? [];
  return Number(from) < Number(to) ? { from: Number(from), to: Number(to) } : null;
}
