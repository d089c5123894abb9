// Who worked for whom in a trace of agents: agents, models and tools as boxes, with how often and how long.
import { html, useMemo } from "../html.js";
import { duration, plural } from "../format/numbers.js";
import { Graph } from "../services/graph.js";

const KIND = /agent|llm|model|generation|tool|chain|workflow|retriev|embedding|rerank|guardrail|eval|handoff/i;

/** What is known by the name of its entity; a call of a model names the agent that it was made for. */
const ENTITY = /agent|tool|workflow/i;

const nameOf = ({ type, entityName, name }) => (ENTITY.test(type) && entityName) || name;

const isStep = ({ type, isEvent }) => !isEvent && KIND.test(type);

/** Whether a trace is one of agents, so that the graph says something. */
export const hasAgents = ({ nodes }) =>
  nodes.some(({ span }) => /agent/i.test(span.type)) && nodes.filter(({ span }) => isStep(span)).length > 2;

export function AgentGraph({ tree, select }) {
  const graph = useMemo(() => agentGraph(tree), [tree]);
  return html`<section class="agents" aria-label="Agents">
    <${Graph} label="Graph of agents" boxes=${graph.boxes} edges=${graph.edges}
      choose=${({ spanId }) => select(spanId)} />
  </section>`;
}

/** Steps of one name and type are one box; an edge leads from the nearest step above. */
export function agentGraph({ nodes }) {
  const boxes = new Map();
  const edges = new Map();
  const boxOf = (span) => `${span.type}: ${nameOf(span)}`;
  for (const node of nodes) {
    if (!isStep(node.span)) continue;
    const name = boxOf(node.span);
    const box = boxes.get(name) ?? {
      name,
      label: nameOf(node.span),
      kind: node.span.type,
      times: 0,
      ms: 0,
      failed: 0,
      spanId: node.span.spanId,
    };
    box.times += 1;
    box.ms += node.end - node.start;
    box.failed += Number(node.span.status === "ERROR");
    boxes.set(name, box);
    let parent = node.parent;
    while (parent && !isStep(parent.span)) parent = parent.parent;
    const from = parent && boxOf(parent.span);
    if (!from || from === name) continue;
    const key = JSON.stringify([from, name]);
    edges.set(key, { from, to: name, calls: (edges.get(key)?.calls ?? 0) + 1 });
  }
  return {
    boxes: [...boxes.values()].map((box) => ({
      ...box,
      words: `${plural(box.times, "run")} · ${duration(box.ms)}`,
      isBad: box.failed > 0,
      bad: box.failed > 0 ? String(box.failed) : "",
      title: `${box.kind} ${box.label}`,
    })),
    edges: [...edges.values()].map((edge) => ({ ...edge, title: plural(edge.calls, "time"), isBad: false })),
  };
}
