// The graph of services: a box leads to the service's spans, a line to the calls that it stands for.
import { html } from "../html.js";
import { count, duration, percent, plural, short } from "../format/numbers.js";
import { Graph } from "./graph.js";

/**
 * @param {{graph: any, linkOf: (name: string) => string, failedOf: (name: string) => string}} props
 *   failedOf: to failed spans
 */
export function ServiceGraph({ graph, linkOf, failedOf }) {
  const boxes = graph.nodes.map(({ name, spanCount, errorRate, p95 }) => ({
    name,
    label: name,
    link: linkOf(name),
    words: `${short(spanCount)} spans · p95 ${duration(p95)}`,
    isBad: errorRate > 0,
    bad: errorRate > 0 ? percent(errorRate) : "",
    title: `${name}: ${count(spanCount)} spans, ${percent(errorRate)} failed, p95 ${duration(p95)}`,
  }));
  const edges = graph.edges.map(({ from, to, callCount, errorRate, p95 }) => ({
    from,
    to,
    calls: callCount,
    isBad: errorRate > 0,
    link: errorRate > 0 ? failedOf(to) : linkOf(to),
    title: `${from} calls ${to}: ${plural(callCount, "time")}, ${percent(errorRate)} failed, p95 ${duration(p95)}`,
  }));
  return html`<${Graph} label="Graph of services" boxes=${boxes} edges=${edges} />`;
}
