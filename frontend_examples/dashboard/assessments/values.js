// The value of a score or of feedback: a number, a truth value or text, as it is written and read.

/** @param {import("./use-assessments.js").Assessment} assessment */
export function valueWords({ name, value, textValue, booleanValue }) {
  if (name === "thumbs" && value) return value > 0 ? "good" : "bad";
  const number = value === null ? null : String(Number(value.toFixed(4)));
  const flag = booleanValue === null ? null : booleanValue ? "yes" : "no";
  return [number ?? flag, textValue].filter((part) => part !== null).join(", ");
}

/** What somebody wrote as a value: `0.8`, `yes`, or any text. */
export function valueOf(text) {
  const word = text.trim();
  if (word !== "" && Number.isFinite(Number(word))) return { value: Number(word) };
  const flag = { yes: true, true: true, no: false, false: false }[word.toLowerCase()];
  return flag === undefined ? { textValue: word } : { booleanValue: flag };
}
