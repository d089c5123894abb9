import assert from "node:assert/strict";
import { test } from "node:test";
import { duration, percent, rate } from "../../../frontend_examples/dashboard/format/numbers.js";
import { between, parseMoment, showUtc, zoneName } from "../../../frontend_examples/dashboard/format/times.js";
import { roundStep } from "../../../frontend_examples/dashboard/format/steps.js";
import { ticks } from "../../../frontend_examples/dashboard/waterfall/scale.js";

process.env.TZ = "America/New_York";
const NOW = Date.parse("2026-01-31T15:00:00Z");

test("a day and a time without a zone are both the reader's", () => {
  assert.equal(parseMoment("2026-01-30", NOW), "2026-01-30T05:00:00.000Z");
  assert.equal(parseMoment("2026-01-30 00:00", NOW), "2026-01-30T05:00:00.000Z");
  assert.equal(zoneName(NOW), "UTC−5");
});

test("in UTC they are UTC", () => {
  showUtc(true);
  assert.equal(parseMoment("2026-01-30", NOW), "2026-01-30T00:00:00.000Z");
  assert.equal(zoneName(NOW), "UTC");
  showUtc(false);
});

test("offsets, times of today, and stretches back from now are understood", () => {
  assert.equal(parseMoment("2026-01-30T09:30:00+01:00", NOW), "2026-01-30T08:30:00.000Z");
  assert.equal(parseMoment("09:30", NOW), "2026-01-31T14:30:00.000Z");
  assert.equal(parseMoment("2h ago", NOW), "2026-01-31T13:00:00.000Z");
  assert.equal(parseMoment("soon", NOW), null);
});

test("moments differ to the nanosecond, whatever their offset", () => {
  assert.equal(between("2026-01-31T09:00:00Z", "2026-01-31T09:00:00.000000001Z"), 0.000001);
  assert.equal(between("2026-01-31T09:00:00Z", "2026-01-31T10:00:01+01:00"), 1000);
});

test("ticks are what a clock shows", () => {
  assert.deepEqual(
    [0.3, 7, 1200, 17_000, 100_000, 4_000_000].map(roundStep),
    [0.5, 10, 2000, 30_000, 120_000, 7_200_000],
  );
  assert.deepEqual(ticks({ from: 0, to: 300_000 }, 5), [0, 60_000, 120_000, 180_000, 240_000, 300_000]);
});

test("a rounded duration is in the unit that it reaches", () => {
  assert.deepEqual([0.9994, 0.9996, 999.4, 999.6, 59_999].map(duration), ["999 µs", "1 ms", "999 ms", "1 s", "60 s"]);
  assert.deepEqual(
    [47, 50].map((hours) => duration(hours * 3_600_000)),
    ["47 h", "2 d 2 h"],
  );
  assert.deepEqual([-0.5, -90_000].map(duration), ["−500 µs", "−1 min 30 s"]);
});

test("a share is nothing or all only when it is", () => {
  const shown = ["0 %", "<0.1 %", "3.4 %", "34 %", "99.6 %", ">99.9 %", "100 %"];
  assert.deepEqual([0, 0.0001, 0.034, 0.34, 0.996, 0.9999, 1].map(percent), shown);
});

test("a slow rate is told by the day", () => {
  assert.equal(rate(0.5), "30/min");
  assert.equal(rate(541 / (3506 * 86_400)), "0.2/day");
});
