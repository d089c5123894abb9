// One trace: what it was, its spans against time, and the span that is looked at.
import { html, useEffect, useMemo } from "../html.js";
import { Empty, Failure, Outdated, Waiting } from "../parts/notices.js";
import { setTitle } from "../state/use-address.js";
import { LoadedTrace } from "./loaded-trace.js";
import { useTrace } from "./use-trace.js";

export function TracePage({ traceId, params }) {
  const { trace, tree, isComplete, isGone, error, now, reload } = useTrace(traceId);
  // What the address said when one came, such as a zoom, is where one begins.
  const start = useMemo(() => new URLSearchParams(params), [traceId]);
  useEffect(() => {
    if (trace) setTitle(trace.name || "Trace");
  }, [trace?.name]);
  if (isGone) return html`<${Gone} title="This trace was deleted" />`;
  if (error && !trace) return html`<${Failure} error=${error} retry=${reload} />`;
  if (!trace && isComplete) return html`<${Gone} title="There is no such trace" />`;
  if (!trace) return html`<${Waiting} rows=${16} label="Loading the trace…" />`;
  return html`<${Outdated} error=${error} />
    <${LoadedTrace} trace=${trace} tree=${tree} isComplete=${isComplete} params=${params} start=${start} now=${now}
      reload=${reload} />`;
}

const Gone = ({ title }) =>
  html`<${Empty} title=${title}><p>It may have been deleted. <a href="#/traces">See all traces</a>.</p><//>`;
