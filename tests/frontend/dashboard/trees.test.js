import assert from "node:assert/strict";
import { test } from "node:test";
import { buildTree, selfTimes } from "../../../frontend_examples/dashboard/waterfall/tree.js";
import {
  groupsAbove,
  likeSiblings,
  visibleRows,
  withAncestors,
} from "../../../frontend_examples/dashboard/waterfall/rows.js";
import { agentGraph } from "../../../frontend_examples/dashboard/trace/agent-graph.js";
import { byName } from "../../../frontend_examples/dashboard/trace/name-table.js";
import { runs, withChanged } from "../../../frontend_examples/dashboard/trace/use-trace.js";

const START = "2026-01-31T09:00:00Z";
const span = (spanId, parentSpanId, at, durationMs, rest = {}) => ({
  spanId,
  parentSpanId,
  startedAt: new Date(Date.parse(START) + at).toISOString(),
  durationMs,
  name: spanId,
  type: "generic",
  status: "SUCCESS",
  serviceName: null,
  totalTokens: null,
  costUsd: null,
  ...rest,
});
const treeOf = (spans, durationMs = 100, now = null) => buildTree(spans, { startedAt: START, durationMs }, now);

test("what runs reaches to now", () => {
  const tree = treeOf([span("root", null, 0, null), span("done", "root", 5, 1)], null, Date.parse(START) + 60_000);
  assert.deepEqual([tree.total, tree.byId.get("root").end, tree.byId.get("done").end], [60_000, 60_000, 6]);
});

test("self time is what no child was busy in, and children that overlap count once", () => {
  const tree = treeOf([
    span("root", null, 0, 100),
    span("a", "root", 10, 40),
    span("b", "root", 30, 40),
    span("c", "root", 90, 50),
  ]);
  assert.deepEqual(selfTimes(tree), [30, 40, 40, 50]);
});

const many = () =>
  treeOf([
    span("root", null, 0, 100),
    ...Array.from({ length: 9 }, (_, index) => span(`p${index}`, "root", index, 1 + index, { name: "price" })),
    span("last", "root", 50, 1),
    span("below", "p3", 4, 1),
  ]);

const shown = (rows) =>
  rows.map(({ node, group }) => (group ? `${group.nodes.length}x${node.span.name}` : node.span.spanId));

test("many like siblings are one row until it is opened", () => {
  const tree = many();
  const groups = likeSiblings(tree);
  const how = { collapsed: new Set(), groups, opened: new Set() };
  assert.deepEqual(shown(visibleRows(tree, how)), ["root", "9xprice", "last"]);
  const group = groups.get(tree.byId.get("p0"));
  assert.equal(group.median, 5);
  const opened = visibleRows(tree, { ...how, opened: new Set([group.id]) });
  assert.deepEqual(shown(opened).slice(0, 7), ["root", "9xprice", "p0", "p1", "p2", "p3", "below"]);
  assert.equal(opened.length, 13);
  assert.deepEqual(groupsAbove(tree.byId.get("below"), groups), [group.id]);
});

test("matches alone keep what is above them", () => {
  const tree = many();
  const kept = withAncestors([tree.byId.get("below")]);
  assert.deepEqual(
    shown(visibleRows(tree, { collapsed: new Set(), groups: likeSiblings(tree), opened: new Set(), kept })),
    ["root", "p3", "below"],
  );
});

test("spans are summed up by name", () => {
  const [most] = byName(many()).sort((a, b) => b.times - a.times);
  assert.deepEqual([most.name, most.times, most.total, most.longest], ["price", 9, 45, 9]);
});

test("agents, models and tools are boxes, and what is between them is left out", () => {
  const tree = treeOf([
    span("run", null, 0, 100, { type: "agent_run", entityName: "helper" }),
    span("step", "run", 0, 90),
    span("m1", "step", 0, 10, { type: "LLM", name: "gpt" }),
    span("m2", "step", 20, 10, { type: "LLM", name: "gpt" }),
  ]);
  const { boxes, edges } = agentGraph(tree);
  assert.deepEqual(
    boxes.map(({ label, times }) => [label, times]),
    [
      ["helper", 1],
      ["gpt", 2],
    ],
  );
  assert.deepEqual(
    edges.map(({ calls }) => calls),
    [2],
  );
});

test("what began long ago and without an end runs only while something still begins in it", () => {
  const ago = (hours) => ({ startedAt: new Date(Date.now() - hours * 3_600_000).toISOString(), durationMs: null });
  assert.equal(runs(ago(2), [ago(2)]), true);
  assert.equal(runs(ago(40), [ago(40), ago(0.5)]), true);
  assert.equal(runs(ago(40), [ago(40), ago(20)]), false);
  assert.equal(runs({ ...ago(2), durationMs: 5 }, [{ ...ago(2), durationMs: 5 }]), false);
});

test("spans that arrive are put where they began", () => {
  const late = [span("b", null, 5, 1, { status: "ERROR" }), span("c", null, 2, 1)];
  const now = withChanged(
    [span("a", null, 0, 1), span("b", null, 5, null)],
    new Map(late.map((one) => [one.spanId, one])),
  );
  assert.deepEqual(
    now.map(({ spanId, status }) => [spanId, status]),
    [
      ["a", "SUCCESS"],
      ["c", "SUCCESS"],
      ["b", "ERROR"],
    ],
  );
});
