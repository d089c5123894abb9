// What the typed filter needs to know of a field before the server was asked: its type, and how operators are read.

/** @typedef {"TEXT"|"NUMBER"|"BOOLEAN"|"TIME"|"ENUM"|"TEXTS"|"JSON"} FieldType as `spanFields` names it */

const TYPES = {
  NUMBER:
    "durationMs costUsd inputTokens outputTokens totalTokens cachedInputTokens reasoningTokens " +
    "spanCount errorCount orphanCount",
  BOOLEAN: "isRoot isEvent hasChildError hasError hasRoot",
  TIME: "startedAt endedAt createdAt updatedAt",
  ENUM: "status kind statusCode",
  TEXTS: "tags services",
  JSON: "attributes errorInfo events input links metadata output requestContext resource scope",
};

const TYPE_OF = new Map(Object.entries(TYPES).flatMap(([type, names]) => names.split(" ").map((name) => [name, type])));

/** The type of a column by its API name. @returns {FieldType} */
export const columnType = (name) => TYPE_OF.get(name) ?? "TEXT";

/** The fields of a trace that no span has; `spanFields` knows all the others. */
export const TRACE_FIELDS = [
  { name: "hasError", type: "BOOLEAN", description: "Whether any span failed." },
  { name: "spanCount", type: "NUMBER", description: "How many spans the trace has." },
  { name: "errorCount", type: "NUMBER", description: "How many spans failed." },
  { name: "services", type: "TEXTS", description: "The services that took part." },
  { name: "hasRoot", type: "BOOLEAN", description: "Whether the root span has arrived." },
  { name: "orphanCount", type: "NUMBER", description: "How many spans wait for their parent." },
];

/** The operators of a type, the likeliest first. */
export const OPERATORS = {
  TEXT: ["eq", "ne", "contains", "iContains", "startsWith", "endsWith", "regex", "in", "notIn", "isNull"],
  NUMBER: ["gte", "lte", "gt", "lt", "eq", "ne", "isNull"],
  BOOLEAN: ["eq", "isNull"],
  TIME: ["gte", "lte", "gt", "lt", "isNull"],
  ENUM: ["eq", "ne", "in", "notIn"],
  TEXTS: ["any", "all", "none", "isEmpty"],
  JSON: ["isNull"],
};

const LABELS = {
  eq: "is",
  ne: "is not",
  gt: ">",
  gte: "≥",
  lt: "<",
  lte: "≤",
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

export const ENUM_VALUES = {
  status: ["SUCCESS", "ERROR", "RUNNING"],
  kind: ["SERVER", "CLIENT", "INTERNAL", "PRODUCER", "CONSUMER"],
  statusCode: ["OK", "ERROR", "UNSET"],
};

/** Operators that take several values, written with commas. */
export const isListOperator = (operator) => ["in", "notIn", "any", "all", "none"].includes(operator);

/** Operators that ask yes or no. */
export const isSwitch = (type, operator) => type === "BOOLEAN" || operator === "isNull" || operator === "isEmpty";
