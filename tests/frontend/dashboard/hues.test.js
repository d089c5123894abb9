import assert from "node:assert/strict";
import { test } from "node:test";
import { hueOf } from "../../../frontend_examples/dashboard/format/hues.js";

test("names have hues of their own while there are hues, and keep them", () => {
  const names = Array.from({ length: 16 }, (_, index) => `service-${index}`);
  const hues = names.map(hueOf);
  assert.equal(new Set(hues).size, 16);
  assert.deepEqual(names.map(hueOf), hues);
  assert.ok(hues.includes(hueOf("one more")));
});
