import assert from "node:assert/strict";
import { test } from "node:test";
import { valueOf, valueWords } from "../../../frontend_examples/dashboard/assessments/values.js";

const assessment = (rest) => ({ name: "relevancy", value: null, textValue: null, booleanValue: null, ...rest });

test("a value is a number, a truth value or text, as it is written", () => {
  assert.deepEqual(valueOf(" 0.80 "), { value: 0.8 });
  assert.deepEqual(valueOf("Yes"), { booleanValue: true });
  assert.deepEqual(valueOf("false"), { booleanValue: false });
  assert.deepEqual(valueOf("off topic"), { textValue: "off topic" });
});

test("a value is read with its label", () => {
  assert.equal(valueWords(assessment({ value: 0.123456, textValue: "off topic" })), "0.1235, off topic");
  assert.equal(valueWords(assessment({ booleanValue: false })), "no");
  assert.equal(valueWords(assessment({ value: 0 })), "0");
  assert.equal(valueWords(assessment({ name: "thumbs", value: -1 })), "bad");
});
