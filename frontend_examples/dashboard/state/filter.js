// Chips of the filter bar and the typed filter of the API: one is made of the other here, and nowhere else.
import { columnType, hasColumn, isListOperator, isOfTrace, isSwitch, ofAgent, operatorLabel } from "./fields.js";

/**
 * One condition. `level` makes `field` an attribute's key. In lists of traces `scope` says whose field is meant: that
 * of any span or that of the root; left out, it is the trace's where it has one, and any span's where it has none.
 * `not` negates it; with `or` it is an alternative to the chip before it.
 * @typedef {{field: string, operator: string, value: string, level?: string, scope?: "spans" | "root",
 *   not?: boolean, or?: boolean}} Chip
 */

const FLAGS = ["or", "not", "spans", "root"];

/**
 * @param {Chip} chip as text for the URL: `serviceName eq payment`, `SPAN:http.route eq /cart`,
 *   `or/not/type in LLM,TOOL`.
 */
export function chipToText({ scope, level, field, operator, value, not, or }) {
  const flags = [or && "or", not && "not", scope].filter(Boolean).map((flag) => `${flag}/`);
  return `${flags.join("")}${level ? `${level}:` : ""}${encodeURIComponent(field)} ${operator} ${value}`;
}

/** @returns {Chip | null} null if the text is none */
export function textToChip(text) {
  const match = /^((?:(?:or|not|spans|root)\/)*)(?:([A-Z]+):)?(\S+) (\w+) (.*)$/s.exec(text);
  if (!match) return null;
  const [, prefix, level, name, operator, value] = match;
  const [or, not, spans, root] = FLAGS.map((flag) => prefix.includes(`${flag}/`));
  return {
    field: decoded(name),
    operator,
    value,
    ...(level && { level }),
    ...((spans || root) && { scope: spans ? "spans" : "root" }),
    ...(not && { not }),
    ...(or && { or }),
  };
}

/** Whether a condition has a meaning in lists of the subject. @param {Chip} chip */
export const applies = ({ field, level }, subject) => Boolean(level) || hasColumn(subject, field);

/** Whose field a condition in a list of traces speaks of. @param {Chip} chip @returns {"trace" | "spans" | "root"} */
export const scopeOf = ({ scope, field, level }) => scope ?? (isOfTrace(field, level) ? "trace" : "spans");

const NEGATIONS = { is: "is not", "is missing": "is there", "is there": "is missing", "is empty": "is not empty" };

/**
 * A chip as a person reads it.
 * @param {Chip} chip
 * @param {(text: string) => string} [moment] how moments are written
 */
export function chipWords(chip, moment = (text) => text) {
  const { field, level, operator, value, scope } = chip;
  const whose = scope === "root" ? "root: " : scope === "spans" ? "any span: " : "";
  const type = chipType(chip);
  const words = operatorWords(type, operator, value);
  const isPlain = !isSwitch(type, operator) || type === "BOOLEAN";
  return {
    name: `${whose}${field}`,
    operator: chip.not ? (NEGATIONS[words] ?? `not ${words}`) : words,
    value: isPlain && operator !== "isNull" ? (type === "TIME" && !level ? moment(value) : value) : "",
  };
}

function operatorWords(type, operator, value) {
  if (operator === "isNull") return value === "true" ? "is missing" : "is there";
  if (operator === "isEmpty") return value === "true" ? "is empty" : "is not empty";
  return type === "BOOLEAN" && operator === "eq" ? "is" : operatorLabel(operator);
}

export function chipSentence(chip, moment) {
  const { name, operator, value } = chipWords(chip, moment);
  return `${name} ${operator} ${value}`.trim();
}

/** @param {Chip} chip @returns {import("./fields.js").FieldType} the type that a chip compares */
export function chipType({ field, level, operator, value }) {
  if (!level) return columnType(field);
  if (["gt", "gte", "lt", "lte"].includes(operator)) return "NUMBER";
  if (value === "true" || value === "false") return operator === "isNull" ? "TEXT" : "BOOLEAN";
  const isText = ["contains", "iContains", "startsWith", "endsWith", "regex"].includes(operator);
  return isNumberText(value) && !isText ? "NUMBER" : "TEXT";
}

/** The value of an attribute as chips write it: text that looks like a number or a truth value is put in quotes. */
export function attributeText(value) {
  if (typeof value !== "string") return String(value);
  return isNumberText(value) || value === "true" || value === "false" ? JSON.stringify(value) : value;
}

/**
 * The typed filter of all chips; they must all hold, but for alternatives.
 * @param {Chip[]} chips @param {import("./fields.js").Subject} subject
 */
export function toFilter(chips, subject = "spans") {
  const groups = [];
  for (const chip of chips.filter((each) => applies(each, subject))) {
    if (chip.or && groups.length) groups.at(-1).push(chip);
    else groups.push([chip]);
  }
  const single = groups.filter((group) => group.length === 1).flat();
  const alternatives = groups
    .filter((group) => group.length > 1)
    .map((group) => ({ or: group.map((chip) => toFilter([{ ...chip, or: false }], subject)) }));
  const isSpans = (chip) => subject === "traces" && !chip.not && scopeOf(chip) === "spans";
  const own = single.filter((chip) => !isSpans(chip)).map((chip) => negatable(chip, subject));
  return joined([...own, ...sameSpans(single.filter(isSpans)), ...alternatives]);
}

function negatable(chip, subject) {
  const isSpans = subject === "traces" && scopeOf(chip) === "spans";
  const test = isSpans ? { spans: { some: condition(chip) } } : condition(chip);
  return chip.not ? { not: test } : test;
}

/** Conditions about spans hold for one and the same span, until one of them repeats a field: that is another span. */
function sameSpans(chips) {
  const spans = [];
  for (const chip of chips) {
    const isTaken = (span) => span.some(({ field, operator }) => field === chip.field && operator === chip.operator);
    const free = spans.find((span) => !isTaken(span));
    if (free) free.push(chip);
    else spans.push([chip]);
  }
  return spans.map((span) => ({ spans: { some: joined(span.map(condition)) } }));
}

/** Conditions in one object where their names allow it, else under `and`. */
export function joined(conditions) {
  const all = {};
  const rest = [];
  for (const one of conditions.flatMap((each) => Object.entries(each).map(([name, test]) => ({ [name]: test })))) {
    const [[name, test]] = Object.entries(one);
    if (!(name in all)) all[name] = test;
    else if (name === "attributes" || name === "and") all[name] = [...all[name], ...test];
    else if (canMerge(name, all[name], test)) all[name] = { ...all[name], ...test };
    else rest.push(one);
  }
  return rest.length ? { ...all, and: [...(all.and ?? []), ...rest] } : all;
}

const canMerge = (name, one, other) =>
  !["or", "not", "spans", "search"].includes(name) && !Object.keys(other).some((key) => key in one);

function condition(chip) {
  const type = chipType(chip);
  if (!chip.level && ofAgent(chip.field)) return agentCondition(chip);
  return chip.level ? attributeCondition(chip, type) : { [chip.field]: { [chip.operator]: typed(chip, type) } };
}

/** Where there is no agent, there is nothing of it either. */
function agentCondition(chip) {
  const isMissing = chip.operator === "isNull" && chip.value === "true";
  const agent = condition({ ...chip, field: ofAgent(chip.field), ...(isMissing && { value: "false" }) });
  return isMissing ? { not: { agent } } : { agent };
}

function attributeCondition({ field, level, operator, value }, type) {
  const at = { key: field, ...(level !== "SPAN" && { level }) };
  if (operator === "isNull") return { attributes: [{ ...at, exists: value !== "true" }] };
  const test = { TEXT: "string", NUMBER: "number", BOOLEAN: "boolean" }[type];
  return { attributes: [{ ...at, [test]: { [operator]: typed({ operator, value: unquoted(value) }, type) } }] };
}

function typed({ operator, value }, type) {
  if (isSwitch(type, operator)) return value === "true";
  if (!isListOperator(operator)) return single(value, type);
  return value
    .split(",")
    .map((part) => single(part.trim(), type))
    .filter((part) => part !== "");
}

/** What is no number is sent as it is: the server says what is wrong with it, and nothing is silently left out. */
const single = (text, type) => (type === "NUMBER" && isNumberText(text) ? Number(text) : text);

const isNumberText = (text) => text.trim() !== "" && Number.isFinite(Number(text));

/** An address may have been typed by hand. */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function unquoted(text) {
  if (!/^".*"$/s.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
