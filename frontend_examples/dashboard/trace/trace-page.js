// One trace: what it was, its spans against time, and the span that is looked at.
import { html, useEffect, useMemo, useRef, useState } from "../html.js";
import { TRACE } from "../api/documents.js";
import { Empty, Failure, Waiting } from "../parts/notices.js";
import { QueryButton } from "../parts/query-dialog.js";
import { go, linkTo } from "../state/address.js";
import { Overview } from "./overview.js";
import { zoomed } from "./scale.js";
import { SpanPanel } from "./span-panel.js";
import { TraceHead } from "./trace-head.js";
import { TraceTools } from "./trace-tools.js";
import { above, visibleNodes } from "./tree.js";
import { useCriticalPath } from "./use-critical-path.js";
import { useSearch } from "./use-search.js";
import { useTrace } from "./use-trace.js";
import { Waterfall } from "./waterfall.js";

export function TracePage({ traceId, params }) {
  const { trace, tree, isComplete, error, reload } = useTrace(traceId);
  if (error && !trace) return html`<${Failure} error=${error} retry=${reload} />`;
  if (!trace && isComplete)
    return html`<${Empty} title="There is no such trace"><p>It may have been deleted. <a href="#/traces">See all traces</a>.</p><//>`;
  if (!trace) return html`<${Waiting} rows=${16} label="Loading the trace…" />`;
  return html`<${LoadedTrace} trace=${trace} tree=${tree} isComplete=${isComplete} params=${params} />`;
}

function LoadedTrace({ trace, tree, isComplete, params }) {
  const { traceId } = trace;
  const whole = { from: 0, to: tree.total };
  const [zoom, setZoom] = useState(whole);
  const [collapsed, setCollapsed] = useState(new Set());
  const [isCriticalShown, showCritical] = useState(true);
  const [isClosed, setClosed] = useState(false);
  const searchInput = useRef(null);
  const asked = params.get("span");
  const selected = (tree.byId.has(asked) || !isComplete ? asked : null) ?? (isWide() && !isClosed ? tree.nodes[0]?.span.spanId : null);
  useEffect(() => setZoom(whole), [tree.total]);

  const select = (spanId) => {
    const node = tree.byId.get(spanId);
    if (node) setCollapsed((last) => without(last, above(node)));
    go(linkTo(["trace", traceId], { span: spanId }), { replace: true });
  };
  const close = () => {
    setClosed(true);
    go(linkTo(["trace", traceId]), { replace: true });
    document.querySelector(".tree").focus({ preventScroll: true });
  };
  const toggle = (spanId) => setCollapsed((last) => toggled(last, spanId));
  // Services tell the spans of a distributed trace apart; within one service, types do.
  const isDistributed = trace.services.length > 1;
  const sortOf = useMemo(() => (span) => (isDistributed && span.serviceName) || span.type, [isDistributed]);
  const rows = useMemo(() => visibleNodes(tree, collapsed), [tree, collapsed]);
  const search = useSearch(traceId, tree, select);
  const critical = useCriticalPath(trace, isCriticalShown);

  const onKey = (key) => {
    const node = tree.byId.get(selected);
    const center = node ? (node.start + node.end) / 2 : (zoom.from + zoom.to) / 2;
    const actions = {
      "+": () => setZoom(zoomed(zoom, 0.5, center, tree.total)),
      "-": () => setZoom(zoomed(zoom, 2, center, tree.total)),
      0: () => setZoom(whole),
      "/": () => searchInput.current.focus(),
      n: () => search.step(selected, 1),
      N: () => search.step(selected, -1),
      e: () => nextError(tree, selected, select),
      Enter: () => document.querySelector(".span-panel")?.focus(),
    };
    if (!actions[key]) return false;
    actions[key]();
    return true;
  };

  return html`<${TraceHead} trace=${trace} />
    <${TraceTools}
      search=${search} selected=${selected} inputRef=${searchInput}
      isZoomed=${zoom.from > 0 || zoom.to < tree.total} resetZoom=${() => setZoom(whole)}
      collapseAll=${() => setCollapsed(new Set(tree.nodes.filter((node) => node.size && node.depth >= 1).map((node) => node.span.spanId)))}
      expandAll=${() => setCollapsed(new Set())}
      failed=${trace.errorCount} nextFailed=${() => nextError(tree, selected, select)}
      isCriticalShown=${isCriticalShown} showCritical=${showCritical}
    >
      <${QueryButton} query=${TRACE} variables=${{ traceId, first: 1000 }} />
    <//>
    ${!isComplete && html`<p class="trace-progress" role="status">Loading the rest of the ${trace.spanCount.toLocaleString("en")} spans…</p>`}
    <div class=${`trace-split ${selected ? "has-panel" : ""}`}>
      <section class="trace-time" aria-label="Waterfall">
        <${Overview} tree=${tree} zoom=${zoom} setZoom=${setZoom} />
        <${Waterfall} tree=${tree} rows=${rows} selected=${selected} select=${select} collapsed=${collapsed} toggle=${toggle}
          zoom=${zoom} setZoom=${setZoom} sortOf=${sortOf} found=${search.found?.ids} critical=${critical} onKey=${onKey} />
      </section>
      ${selected && html`<${SpanPanel} traceId=${traceId} spanId=${selected} startedAt=${trace.startedAt}
        close=${close} />`}
    </div>`;
}

function nextError({ nodes, byId }, selected, select) {
  const from = (byId.get(selected)?.index ?? -1) + 1;
  const failed = (node) => node.span.status === "ERROR";
  const next = nodes.slice(from).find(failed) ?? nodes.find(failed);
  if (next) select(next.span.spanId);
}

const isWide = () => matchMedia("(min-width: 1000px)").matches;

function toggled(set, item) {
  const next = new Set(set);
  if (!next.delete(item)) next.add(item);
  return next;
}

function without(set, items) {
  if (!items.some((item) => set.has(item))) return set;
  const next = new Set(set);
  for (const item of items) next.delete(item);
  return next;
}
