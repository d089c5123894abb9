// What a typed filter has to know of a field: its type, its operators, and whose field it is.
import { ENUMS, OF_TRACE, OPERATORS, SPAN_COLUMNS, TRACE_ALONE, TRACE_COLUMNS } from "./columns.js";

/** @typedef {"TEXT"|"NUMBER"|"BOOLEAN"|"TIME"|"ENUM"|"TEXTS"|"JSON"} FieldType as `spanFields` names it */
/** @typedef {"traces" | "spans"} Subject */

export const ENUM_VALUES = ENUMS;

/** `entityName` of `agent.entityName`: a field of a span's agent, the nearest one from the span upwards; else null. */
export const ofAgent = (name) => /^agent\.(\w+)$/.exec(name)?.[1] ?? null;

/**
 * The type of a column by its name in the API; null if neither spans nor traces have it.
 * @returns {FieldType | null}
 */
export const knownType = (name) =>
  /** @type {any} */ (SPAN_COLUMNS[ofAgent(name) ?? name] ?? TRACE_COLUMNS[name] ?? null);

/** @returns {FieldType} */
export const columnType = (name) => knownType(name) ?? "TEXT";

/** Whether lists of the subject can be filtered by a column. @param {Subject} subject */
export const hasColumn = (subject, name) =>
  (ofAgent(name) ?? name) in (subject === "traces" && !ofAgent(name) ? TRACE_COLUMNS : SPAN_COLUMNS);

/** The fields of a trace that no span has, the likeliest first; `spanFields` knows all the others. */
export const TRACE_FIELDS = Object.entries(TRACE_ALONE)
  .map(([name, description]) => ({ name, description, level: null, type: columnType(name) }))
  .sort((a, b) => Number(b.name === "hasError") - Number(a.name === "hasError"));

/** What a trace has as a whole: its rollups and its context. Any other field is one of its spans'. */
const WHOLE = new Set(OF_TRACE);

export const isOfTrace = (name, level) => !level && WHOLE.has(name);

const LABELS = {
  eq: "is",
  ne: "is not",
  gte: "≥",
  lte: "≤",
  gt: ">",
  lt: "<",
  contains: "contains",
  iContains: "contains, any case",
  startsWith: "starts with",
  endsWith: "ends with",
  regex: "matches",
  in: "is one of",
  notIn: "is none of",
  any: "has any of",
  all: "has all of",
  none: "has none of",
  isNull: "is missing",
  isEmpty: "is empty",
};

export const operatorLabel = (operator) => LABELS[operator] ?? operator;

const ORDER = Object.keys(LABELS);
const NUMBERS_FIRST = ["gte", "lte", "gt", "lt"];

/** The operators of a type, the likeliest first. @param {FieldType} type */
export function operatorsOf(type) {
  // Nobody compares a whole JSON value or a moment for equality by hand.
  const offered = OPERATORS[type].filter((name) => !(name === "eq" && ["JSON", "TIME"].includes(type)));
  const isAmount = type === "NUMBER" || type === "TIME";
  const place = (name) => ORDER.indexOf(name) - (isAmount && NUMBERS_FIRST.includes(name) ? ORDER.length : 0);
  return [...offered].sort((a, b) => place(a) - place(b));
}

/** Operators that take several values, written with commas. */
export const isListOperator = (operator) => ["in", "notIn", "any", "all", "none"].includes(operator);

/** Operators that ask yes or no. */
export const isSwitch = (type, operator) => type === "BOOLEAN" || operator === "isNull" || operator === "isEmpty";
