import assert from "node:assert/strict";
import { test } from "node:test";
import { idsIn } from "../../../frontend_examples/dashboard/state/ids.js";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

const SAME_TRACE = [
  TRACE,
  TRACE.toUpperCase(),
  ` ${TRACE}\n`,
  `0x${TRACE}`,
  `"${TRACE}",`,
  "4bf92f35-77b3-4da6-a3ce-929d0e0e4736",
  `trace_id=${TRACE}`,
  `2026-01-31 ERROR failed trace.id: ${TRACE} after 2 s`,
  `{"level": "error", "traceId": "${TRACE}"}`,
  `http://localhost:8000/#/trace/${TRACE}`,
  `/trace/${TRACE}`,
  `{${TRACE}}`,
  `see ${TRACE.toUpperCase()}, please`,
  `projects/shop/traces/${TRACE}`,
  `Root=1-${TRACE.slice(0, 8)}-${TRACE.slice(8)};Sampled=1`,
];

for (const text of SAME_TRACE) {
  test(`a trace is found in ${JSON.stringify(text)}`, () => assert.deepEqual(idsIn(text), { traceId: TRACE }));
}

for (const text of [
  `00-${TRACE}-${SPAN}-01`,
  `traceparent: 00-${TRACE}-${SPAN}-01`,
  `${TRACE}-${SPAN}-1`,
  `b3: ${TRACE.toUpperCase()}-${SPAN.toUpperCase()}-1`,
  `${TRACE}:${SPAN}:0:1`,
  `ERROR [shop,${TRACE},${SPAN}] declined`,
  `Root=1-${TRACE.slice(0, 8)}-${TRACE.slice(8)};Parent=${SPAN};Sampled=1`,
  `trace_id=${TRACE} span_id=${SPAN}`,
  `https://traces.example/spans/#/trace/${TRACE}?view=flame&span=${SPAN}`,
]) {
  test(`a span of a trace is found in ${JSON.stringify(text)}`, () =>
    assert.deepEqual(idsIn(text), { traceId: TRACE, spanId: SPAN }));
}

test("sixteen digits are a span, or a short id of a trace", () =>
  assert.deepEqual(idsIn(SPAN), { traceId: SPAN, spanId: SPAN }));

test("the beginning of an id is a prefix", () => assert.deepEqual(idsIn("4BF92F35"), { prefix: "4bf92f35" }));

for (const text of [
  "",
  "checkout",
  "cafe",
  "facade",
  "decade",
  "2026",
  "payment failed",
  "GET /cart/abc",
  "deadbeef",
  "a".repeat(40),
]) {
  test(`${JSON.stringify(text)} is no id`, () => assert.equal(idsIn(text), null));
}
