import assert from "node:assert/strict";
import { test } from "node:test";
import { baselineFilter, choicesOf, isSelective } from "../../../frontend_examples/dashboard/compare/baseline.js";
import { shownPaths } from "../../../frontend_examples/dashboard/compare/path-table.js";
import { coarse, spanDifferences, withoutRepeats } from "../../../frontend_examples/dashboard/compare/ranking.js";
import { startsOf } from "../../../frontend_examples/dashboard/compare/start.js";
import { comparedLines, withoutCommon } from "../../../frontend_examples/dashboard/compare/text-lines.js";
import { signed } from "../../../frontend_examples/dashboard/format/numbers.js";
import { EVERYTHING } from "../../../frontend_examples/dashboard/state/question.js";

const NOW = Date.parse("2026-01-31T10:00:00Z");
const FAILED = { field: "status", operator: "eq", value: "ERROR" };
const ask = (part) => ({ ...EVERYTHING, ...part });

test("a selection is compared with the rest of its time, unless it is a time alone: then with the time before", () => {
  assert.equal(isSelective(EVERYTHING), false);
  assert.deepEqual(choicesOf(ask({ chips: [FAILED] })), ["rest"]);
  assert.deepEqual(choicesOf(ask({ chips: [FAILED], period: { range: "1h" } })), ["rest", "before", "ever"]);
  assert.deepEqual(choicesOf(ask({ period: { range: "1h" } })), ["before", "ever"]);
});

test("the time before is as long, and ends where the chosen one begins", () => {
  const question = ask({ chips: [FAILED], period: { range: "1h" } });
  assert.deepEqual(baselineFilter(question, "spans", "before", NOW), {
    startedAt: { gte: "2026-01-31T08:00:00.000Z", lt: "2026-01-31T09:00:00.000Z" },
    status: { eq: "ERROR" },
  });
  assert.deepEqual(Object.keys(baselineFilter(question, "spans", "rest", NOW)), ["startedAt"]);
  assert.deepEqual(baselineFilter(question, "spans", "ever", NOW), { startedAt: { lt: new Date(NOW).toISOString() } });
});

const value = (text, selectionShare, baselineShare, selectionCount = 5) => ({
  value: text,
  selectionShare,
  baselineShare,
  selectionCount,
  baselineCount: 1,
});
const differing = (name, values, level = null) => ({ name, level, difference: 0.5, values, distribution: [] });

test("differences leave out what the filter says, and ids, which differ everywhere", () => {
  const fields = [
    differing("status", [value("ERROR", 1, 0)]),
    differing("requestId", [value("a1", 0.2, 0, 1), value("b2", 0.2, 0, 1)]),
    differing("model", [value("gpt-4o", 0.9, 0.1)]),
    { ...differing("name", [value("x", 0.5, 0.49)]), difference: 0.01 },
  ];
  const list = spanDifferences({ spanDifference: { fields } }, [FAILED]);
  assert.deepEqual(
    list.map(({ field }) => field.name),
    ["model"],
  );
});

test("fields that divide both sides alike are shown once", () => {
  const fields = [
    differing("serviceName", [value("a", 0.9, 0.1)]),
    differing("service.name", [value("a", 0.9, 0.1)], "RESOURCE"),
    differing("cloud.region", [value("eu", 0.9, 0.2)], "RESOURCE"),
  ];
  const list = withoutRepeats(spanDifferences({ spanDifference: { fields } }, []));
  assert.deepEqual(
    list.map(({ field, also }) => [field.name, also]),
    [
      ["serviceName", ["service.name"]],
      ["cloud.region", []],
    ],
  );
});

test("a fine distribution is put together to what can be told apart, and nothing of it is lost", () => {
  const fine = Array.from({ length: 100 }, (_, index) => ({
    from: index,
    to: index + 1,
    selectionShare: 0.01,
    baselineShare: 0,
  }));
  const bins = coarse(fine);
  assert.ok(bins.length <= 24);
  assert.equal(bins.reduce((sum, { selected }) => sum + selected, 0).toFixed(6), "1.000000");
  assert.deepEqual([bins[0].from, bins.at(-1).to], [0, 100]);
  assert.deepEqual(coarse([]), []);
});

test("a comparison begins with what failed, or else with what was slow", () => {
  const labels = (whole, subject = "spans") => startsOf(whole, subject).map(({ label }) => label);
  assert.equal(labels({ count: 9, errorCount: 2, durationMs: { p95: 1234 } })[0], "What failed (2)");
  assert.equal(labels({ count: 9, errorCount: 0, durationMs: { p95: 1234 } })[0], "What took 1.2 s or more");
  assert.match(labels({ count: 1, errorCount: 0, durationMs: { p95: null } })[0], /last hour/);
});

test("lines that two texts share stand once", () => {
  const lines = comparedLines(["a", "b", "c", "d"], ["a", "x", "c", "d", "e"]);
  assert.deepEqual(
    lines.map(({ text, base, other }) => `${base ? "-" : " "}${other ? "+" : " "}${text}`),
    ["-+a", "- b", " +x", "-+c", "-+d", " +e"],
  );
  assert.deepEqual(comparedLines([], ["a"]), [{ text: "a", base: false, other: true }]);
});

test("long stretches in common are left out", () => {
  const same = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const shown = withoutCommon(comparedLines(same, [...same, "more"]));
  assert.deepEqual(
    shown.map((line) => line?.text ?? null),
    [null, "line 17", "line 18", "line 19", "more"],
  );
});

const side = (durationMs, rest = {}) => ({ durationMs, totalTokens: null, costUsd: null, ...rest });
const path = (names, base, other, change = "SAME") => ({
  path: names,
  change,
  base,
  other,
  durationChangeMs: other.durationMs - base.durationMs,
});

test("differences alone keep what stands above them", () => {
  const paths = [
    path(["a"], side(100), side(101)),
    path(["a", "b"], side(10), side(10)),
    path(["a", "c"], side(10), side(20)),
    path(["d"], side(5, { totalTokens: 3 }), side(5, { totalTokens: 4 })),
  ];
  assert.deepEqual(
    shownPaths(paths, true).map((row) => row.path.join("/")),
    ["a", "a/c", "d"],
  );
  assert.equal(shownPaths(paths, false).length, 4);
});

test("a difference says its direction", () => {
  assert.deepEqual(
    [signed(12, String), signed(-3, String), signed(0, String), signed(null, String)],
    ["+12", "−3", "=", "–"],
  );
});
