// A condition typed as one phrase: `status:error`, `duration>2s`, `http.response.status_code >= 500`, `not model ~
// gpt`.
import { ENUM_VALUES, columnType, hasColumn, isListOperator, knownType, operatorsOf } from "./fields.js";
import { attributeText } from "./filter.js";
import { parseMoment } from "../format/times.js";

const SIGNS = {
  ":": "eq",
  "=": "eq",
  "==": "eq",
  is: "eq",
  "!=": "ne",
  "<>": "ne",
  "is not": "ne",
  ">": "gt",
  ">=": "gte",
  "≥": "gte",
  "<": "lt",
  "<=": "lte",
  "≤": "lte",
  "~": "iContains",
  "=~": "regex",
  contains: "iContains",
  matches: "regex",
  "starts with": "startsWith",
  "ends with": "endsWith",
  in: "in",
  "not in": "notIn",
};

const PHRASE = new RegExp(
  String.raw`^(not\s+|-|!)?([\w@$/.-]+?)\s*` +
    String.raw`(>=|<=|!=|<>|==|=~|[:=<>≥≤~]|` +
    String.raw`\s(?:is not|is|not in|in|contains|matches|starts with|ends with)\s)\s*(.+)$`,
  "is",
);

const SHORT = {
  duration: "durationMs",
  service: "serviceName",
  cost: "costUsd",
  tokens: "totalTokens",
  user: "userId",
  session: "sessionId",
  thread: "threadId",
  env: "environment",
  start: "startedAt",
  end: "endedAt",
  spans: "spanCount",
  errors: "errorCount",
  agent: "entityName",
  trace: "traceId",
  span: "spanId",
  tag: "tags",
};

/**
 * @param {string} text
 * @param {import("./fields.js").Subject} subject
 * @param {{name: string, level: string | null, type: string}[]} fields what `spanFields` knows
 * @returns {{chip?: import("./filter.js").Chip, refusal?: string} | null} null if the text is no condition
 */
export function parsePhrase(text, subject, fields = []) {
  const [, no, name, sign, rest] = PHRASE.exec(text.trim()) ?? [];
  if (!name || /^https?$/i.test(name)) return null;
  const field = fieldNamed(name, subject, fields);
  if (!field) return null;
  const operator = operatorFor(field.type, SIGNS[sign.trim().toLowerCase()]);
  if (!operator) return { refusal: `${field.field} cannot be compared with ${sign.trim()}.` };
  const { value, refusal } = normalValue({ ...field, operator }, rest.trim().replace(/^(["'])(.*)\1$/s, "$2"));
  if (refusal) return { refusal };
  const { type: _, ...about } = field;
  return { chip: { ...about, operator, value, ...(no && { not: true }) } };
}

/**
 * A column by its name in any case or its short name, an attribute that is known, or any key with a dot in it.
 * @returns {{field: string, type: any, level?: string} | null}
 */
function fieldNamed(name, subject, fields) {
  const wanted = (SHORT[name.toLowerCase()] ?? name).toLowerCase();
  const known = fields.find((field) => field.name.toLowerCase() === wanted);
  if (known) return { field: known.name, type: known.type, ...(known.level && { level: known.level }) };
  const short = SHORT[name.toLowerCase()] ?? name;
  if (knownType(short) && hasColumn(subject, short)) return { field: short, type: columnType(short) };
  return /[._/]/.test(name) ? { field: name, type: "TEXT", level: "SPAN" } : null;
}

function operatorFor(type, operator) {
  if (type === "TEXTS") return { eq: "any", in: "any", ne: "none", notIn: "none" }[operator] ?? null;
  if (type === "TIME") return operator === "eq" ? "gte" : operator;
  if (type === "TEXT" && ["gt", "gte", "lt", "lte"].includes(operator)) return operator;
  return operatorsOf(type).includes(operator) ? operator : null;
}

/**
 * A typed value as its chip keeps it: `2s` of a duration is 2000, a local time becomes UTC; or why it cannot be.
 * @param {{field: string, type: string, operator: string, level?: string}} draft @param {string} text
 * @returns {{value?: string, refusal?: string}}
 */
export function normalValue({ field, type, level, operator }, text) {
  if (!text) return { refusal: "A value is missing." };
  if (level) return attributeValue(operator, type, text);
  if (type === "NUMBER") return number(field, text);
  if (type === "TIME") return moment(text);
  if (type === "ENUM") return member(field, operator, text);
  if (type === "BOOLEAN") return truth(text);
  return { value: text };
}

function attributeValue(operator, type, text) {
  const isAmount = ["gt", "gte", "lt", "lte"].includes(operator);
  if (isAmount) return Number.isFinite(Number(text)) ? { value: text } : { refusal: `${text} is not a number.` };
  // A key that nobody has seen may hold anything: what looks like a number is compared as one.
  return { value: type === "TEXT" && !/^(-?\d[\d.]*|true|false)$/.test(text) ? attributeText(text) : text };
}

const UNITS = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

function number(field, text) {
  const pattern = /^\$?(-?\d[\d_]*(?:[.,]\d+)?|-?\.\d+)(e[+-]?\d+)?\s*([a-zµ%]*)$/i;
  const [, digits, power = "", unit = ""] = pattern.exec(text) ?? [];
  const isDuration = /Ms$/.test(field);
  if (digits === undefined)
    return { refusal: `${text} is not a ${isDuration ? "duration: try 250ms, 1.5s or 2min" : "number"}.` };
  const plain = Number(digits.replaceAll("_", "").replace(",", ".") + power);
  if (!unit) return { value: String(plain) };
  const factor = isDuration ? UNITS[unit.toLowerCase()] : { k: 1e3, m: 1e6 }[unit.toLowerCase()];
  if (!factor)
    return { refusal: `${unit} is not a unit of ${field}${isDuration ? ": ns, us, ms, s, min, h or d" : ""}.` };
  return { value: String(Number((plain * factor).toPrecision(15))) };
}

function moment(text) {
  const found = parseMoment(text);
  return found ? { value: found } : { refusal: `${text} is not a time: try 2026-01-31 09:30, 09:30 or 2h ago.` };
}

function member(field, operator, text) {
  const values = ENUM_VALUES[field];
  const found = text.split(",").map((part) => values.find((value) => value === part.trim().toUpperCase()));
  if (found.includes(undefined)) return { refusal: `${field} is one of ${values.join(", ")}.` };
  return { value: isListOperator(operator) ? found.join(",") : found[0] };
}

function truth(text) {
  if (/^(true|yes|1)$/i.test(text)) return { value: "true" };
  return /^(false|no|0)$/i.test(text) ? { value: "false" } : { refusal: `${text} is not true or false.` };
}
