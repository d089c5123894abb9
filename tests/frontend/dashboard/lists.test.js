import assert from "node:assert/strict";
import { test } from "node:test";
import { heatScale } from "../../../frontend_examples/dashboard/charts/heatmap.js";
import { traceDifferences } from "../../../frontend_examples/dashboard/compare/spread.js";
import { asCurl, asPython } from "../../../frontend_examples/dashboard/query/query-dialog.js";
import { errorLine, errorOf } from "../../../frontend_examples/dashboard/span/errors.js";
import { merged } from "../../../frontend_examples/dashboard/state/use-live.js";

const trace = (traceId, second, rest = {}) => ({ traceId, startedAt: `2026-01-31T09:00:0${second}Z`, ...rest });
const keyOf = ({ traceId }) => traceId;
const changes = (nodes, gone = []) => ({ nodes: new Map(nodes.map((node) => [keyOf(node), node])), gone });
const ids = (nodes) => nodes.map(keyOf);

test("what is new comes in its place, and what changes stays in its own", () => {
  const list = [trace("c", 5), trace("a", 1)];
  const now = merged(list, changes([trace("b", 3), trace("a", 1, { status: "ERROR" })]), keyOf, true);
  assert.deepEqual(ids(now), ["c", "b", "a"]);
  assert.equal(now[2].status, "ERROR");
});

test("what is gone is taken out, and stays if it came again", () => {
  const list = [trace("c", 5), trace("b", 3), trace("a", 1)];
  assert.deepEqual(ids(merged(list, changes([], [{ traceId: "b" }]), keyOf, true)), ["c", "a"]);
  assert.deepEqual(ids(merged(list, changes([trace("b", 3)], [{ traceId: "b" }]), keyOf, true)), ["c", "b", "a"]);
  assert.deepEqual(merged(list, changes([], [{ all: true }]), keyOf, true), []);
});

test("in other orders only the server knows where what is new belongs", () =>
  assert.deepEqual(ids(merged([trace("a", 1)], changes([trace("b", 3)]), keyOf, false)), ["a"]));

test("the levels of a heatmap have no gaps, and what took no time is the lowest", () => {
  const bins = [0, 1, 2, 4, 8, 16].map((from) => ({ from, to: from * 2, count: [0, 2, 16].includes(from) ? 1 : 0 }));
  assert.deepEqual(
    heatScale([{ histogram: bins }]).levels.map(({ from }) => from),
    [0, 2, 4, 8, 16],
  );
  assert.deepEqual(heatScale([]).levels, []);
});

test("an error is found wherever it was written", () => {
  const exception = {
    name: "exception",
    attributes: { "exception.type": "KeyError", "exception.message": "'x'", "exception.stacktrace": "at y" },
  };
  assert.equal(
    errorLine({ errorInfo: { name: "TimeoutError", message: "no answer\nafter 2 s" } }),
    "TimeoutError: no answer",
  );
  assert.equal(errorLine({ errorInfo: "bad" }), "bad");
  assert.deepEqual(errorOf({ events: [exception], statusMessage: "failed" }), {
    name: "KeyError",
    message: "'x'",
    stack: "at y",
    rest: {},
  });
  assert.equal(errorLine({ attributes: { "error.type": "429", "http.response.status_code": 429 } }), "HTTP 429");
  assert.equal(errorLine({ status: "ERROR", statusMessage: "sorry" }), "sorry");
  assert.equal(errorOf({ status: "SUCCESS" }), null);
});

test("the field that differs most comes first, and one whose values are all different says nothing", () => {
  const rows = (...pairs) => pairs.map(([key, count]) => ({ keys: [key], isOther: false, count }));
  const data = {
    selected: [{ count: 10 }],
    other: [{ count: 100 }],
    selected0: rows(["a", 5], ["b", 5]),
    other0: rows(["a", 60], ["b", 40]),
    selected1: rows(["v2", 10]),
    other1: rows(["v1", 90], ["v2", 10]),
    selected2: rows(["i", 1], ["j", 1]),
    other2: rows(["k", 1]),
  };
  const found = traceDifferences(
    data,
    ["zone", "version", "id"].map((name) => ({ name, level: null })),
  );
  assert.deepEqual(
    found.map(({ field }) => field.name),
    ["version", "zone"],
  );
  assert.deepEqual(found[0].values[0], { value: "v2", selected: 1, other: 0.1 });
});

test("a query is copied for a shell and for Python with all its quotes", () => {
  const [query, variables] = ['{ a(x: "it\'s") }', { b: "\\n" }];
  assert.match(asCurl(query, variables, "http://h/graphql"), /it'\\''s/);
  assert.match(asPython(query, variables, "http://h/graphql"), /json\.loads\(".*it's.*"\)/);
});
