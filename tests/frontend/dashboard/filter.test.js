import assert from "node:assert/strict";
import { test } from "node:test";
import { chipSentence, chipToText, textToChip, toFilter } from "../../../frontend_examples/dashboard/state/filter.js";
import { parsePhrase } from "../../../frontend_examples/dashboard/state/phrase.js";
import { groupText } from "../../../frontend_examples/dashboard/statistics/view.js";
import { boundedFilter, carried, readQuestion } from "../../../frontend_examples/dashboard/state/question.js";

const chip = (field, operator, value, rest = {}) => ({ field, operator, value, ...rest });

test("chips survive the address", () => {
  for (const one of [
    chip("serviceName", "eq", "a b/c: d"),
    chip("http.route", "eq", "/cart", { level: "SPAN" }),
    chip("type", "in", "LLM,TOOL", { scope: "spans", not: true }),
    chip("name", "eq", "", { scope: "root", or: true }),
    chip("a/b c%", "isNull", "true", { level: "RESOURCE" }),
  ])
    assert.deepEqual(textToChip(chipToText(one)), one);
});

test("in a list of traces a field that traces lack is that of any span, unless the root is meant", () => {
  assert.deepEqual(toFilter([chip("serviceName", "eq", "a")], "traces"), {
    spans: { some: { serviceName: { eq: "a" } } },
  });
  assert.deepEqual(toFilter([chip("serviceName", "eq", "a", { scope: "root" })], "traces"), {
    serviceName: { eq: "a" },
  });
  assert.deepEqual(toFilter([chip("durationMs", "gte", "2000")], "traces"), { durationMs: { gte: 2000 } });
  assert.deepEqual(toFilter([chip("durationMs", "gte", "2", { scope: "spans" })], "traces"), {
    spans: { some: { durationMs: { gte: 2 } } },
  });
});

test("conditions about spans hold for one span, and a field that comes again is another span", () => {
  const [a, b, model] = [chip("serviceName", "eq", "a"), chip("serviceName", "eq", "b"), chip("model", "eq", "m")];
  assert.deepEqual(toFilter([a, model, b], "traces"), {
    spans: { some: { serviceName: { eq: "a" }, model: { eq: "m" } } },
    and: [{ spans: { some: { serviceName: { eq: "b" } } } }],
  });
});

test("conditions are negated and joined by or", () => {
  const [slow, failed, name] = [
    chip("durationMs", "gt", "5"),
    chip("status", "eq", "ERROR", { or: true }),
    chip("name", "eq", "x", { not: true }),
  ];
  assert.deepEqual(toFilter([slow, failed, name], "spans"), {
    not: { name: { eq: "x" } },
    or: [{ durationMs: { gt: 5 } }, { status: { eq: "ERROR" } }],
  });
});

test("a condition on the agent of spans keeps those without one apart", () => {
  const [named, missing] = [chip("agent.entityName", "eq", "helper"), chip("agent.entityName", "isNull", "true")];
  assert.deepEqual(toFilter([named, chip("agent.model", "eq", "m")], "spans"), {
    agent: { entityName: { eq: "helper" }, model: { eq: "m" } },
  });
  assert.deepEqual(toFilter([missing], "spans"), { not: { agent: { entityName: { isNull: false } } } });
  assert.deepEqual(toFilter([named], "traces"), { spans: { some: { agent: { entityName: { eq: "helper" } } } } });
  assert.deepEqual(parsePhrase("agent.entityName = helper", "spans"), { chip: named });
  assert.equal(groupText("agent.entityName", []), "agent.entityName");
});

test("what is no number is sent as it is, so that the server says what is wrong", () =>
  assert.deepEqual(toFilter([chip("durationMs", "gte", "abc")], "spans"), { durationMs: { gte: "abc" } }));

test("a condition that a subject lacks is left out there", () => {
  const question = readQuestion(new URLSearchParams("f=spanCount+gt+3&f=status+eq+ERROR&range=1h&sort=COST"));
  const there = carried(question, "spans");
  assert.deepEqual(
    there.chips.map(({ field }) => field),
    ["status"],
  );
  assert.deepEqual([there.period, there.order], [{ range: "1h" }, ""]);
});

test("the time of charts ends now, whatever was chosen", () => {
  const now = Date.parse("2026-01-31T10:00:00Z");
  const of = (text) => boundedFilter(readQuestion(new URLSearchParams(text)), "traces", now).startedAt;
  assert.deepEqual(of(""), { lt: "2026-01-31T10:00:00.000Z" });
  assert.deepEqual(of("range=1h"), { gte: "2026-01-31T09:00:00.000Z", lt: "2026-01-31T10:00:00.000Z" });
  assert.deepEqual(of("to=2026-01-01T00:00:00Z"), { lt: "2026-01-01T00:00:00Z" });
});

const PHRASES = [
  ["status:error", "status is ERROR"],
  ["duration>2s", "durationMs > 2000"],
  ["durationMs >= 1,5s", "durationMs ≥ 1500"],
  ["http.response.status_code>=500", "http.response.status_code ≥ 500"],
  ["http.route = /cart", "http.route is /cart"],
  ["service is not payment", "serviceName is not payment"],
  ["not model ~ gpt", "model not contains, any case gpt"],
  ["cost > $0.5", "costUsd > 0.5"],
  ["tokens > 10k", "totalTokens > 10000"],
  ["tag:beta", "tags has any of beta"],
  ["status in error, running", "status is one of ERROR,RUNNING"],
];

for (const [text, words] of PHRASES)
  test(`${text} is a condition`, () => assert.equal(chipSentence(parsePhrase(text, "traces").chip), words));

for (const text of [
  "duration > abc",
  "durationMs > 3 parsecs",
  "status:broken",
  "startedAt > sometime",
  "spanCount > x",
])
  test(`${text} is refused, and it is said why`, () => assert.match(parsePhrase(text, "traces").refusal, /\w{4,}/));

for (const text of ["payment failed", "hello", "https://example.com", "where: is it"])
  test(`${text} is no condition`, () => assert.equal(parsePhrase(text, "traces"), null));
