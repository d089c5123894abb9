import assert from "node:assert/strict";
import { test } from "node:test";
import { count, short } from "../../../frontend_examples/dashboard/format/numbers.js";

const EDGES = [0, 1, 999, 1000, 9999, 10_000, 12_345, 99_949, 99_950, 999_949, 999_950, 999_999, 1e6, 1_250_001];
const NUMBERS = [...EDGES, 123_456_789, 999_949_999, 999_950_001, 4_321_000_000, 7.7e12];

test("numbers are written as `Intl` writes them in English", () => {
  const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
  for (const number of [...NUMBERS, 0.4, 1234.6]) assert.equal(count(number), grouped.format(number));
});

test("large numbers are short, with the letter of their size", () => {
  const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
  for (const number of NUMBERS.filter((each) => each >= 10_000)) assert.equal(short(number), compact.format(number));
  assert.equal(short(9876), "9,876");
});
