// Chips of the filter bar and the typed filter of the API: one is made of the other here, and nowhere else.
import { columnType, isListOperator, isSwitch, operatorLabel } from "./fields.js";

/**
 * One condition. `scope` "spans" asks about any span of a trace; `level` makes `field` an attribute's key.
 * @typedef {{field: string, operator: string, value: string, level?: string, scope?: "spans"}} Chip
 */

/** A chip as text for the URL: `serviceName eq payment`, `SPAN:http.route eq /cart`, `spans/type in LLM,TOOL`. */
export function chipToText({ scope, level, field, operator, value }) {
  const name = (level ? `${level}:` : "") + encodeURIComponent(field);
  return `${scope ? `${scope}/` : ""}${name} ${operator} ${value}`;
}

/** @returns {Chip | null} null if the text is none */
export function textToChip(text) {
  const match = /^(spans\/)?(?:([A-Z]+):)?(\S+) (\w+) (.*)$/s.exec(text);
  if (!match) return null;
  const [, scope, level, name, operator, value] = match;
  return {
    field: decoded(name),
    operator,
    value,
    ...(level && { level }),
    ...(scope && { scope: "spans" }),
  };
}

/** A chip as a person reads it. */
export function chipWords({ scope, field, level, operator, value, ...chip }) {
  const name = `${scope ? "any span: " : ""}${field}`;
  const type = chipType({ field, level, operator, value });
  if (!isSwitch(type, operator)) return { name, operator: operatorLabel(operator), value };
  if (type === "BOOLEAN" && operator === "eq") return { name, operator: "is", value: value === "true" ? "true" : "false" };
  const absent = value === "true";
  const words = operator === "isEmpty" ? ["is empty", "is not empty"] : ["is missing", "is there"];
  return { name, operator: absent ? words[0] : words[1], value: "" };
}

export function chipSentence(chip) {
  const { name, operator, value } = chipWords(chip);
  return `${name} ${operator} ${value}`.trim();
}

/** @returns {import("./fields.js").FieldType} the type that a chip compares */
export function chipType({ field, level, operator, value }) {
  if (!level) return columnType(field);
  if (["gt", "gte", "lt", "lte"].includes(operator)) return "NUMBER";
  if (value === "true" || value === "false") return operator === "isNull" ? "TEXT" : "BOOLEAN";
  return isNumberText(value) && !["contains", "iContains", "startsWith", "endsWith", "regex"].includes(operator)
    ? "NUMBER"
    : "TEXT";
}

/** The value of an attribute as chips write it: text that looks like a number or a truth value is put in quotes. */
export function attributeText(value) {
  if (typeof value !== "string") return String(value);
  return isNumberText(value) || value === "true" || value === "false" ? JSON.stringify(value) : value;
}

/** The typed filter of all chips; they must all hold. @param {Chip[]} chips */
export function toFilter(chips) {
  const own = joined(chips.filter((chip) => !chip.scope).map(condition));
  const spans = chips.filter((chip) => chip.scope);
  return spans.length ? { ...own, spans: { some: joined(spans.map(condition)) } } : own;
}

/** Conditions in one object where their names allow it, else under `and`. */
export function joined(conditions) {
  const all = {};
  const rest = [];
  for (const one of conditions) {
    const [[name, test]] = Object.entries(one);
    if (!(name in all)) all[name] = test;
    else if (Array.isArray(test)) all[name] = [...all[name], ...test];
    else if (typeof test === "object" && !Object.keys(test).some((key) => key in all[name])) Object.assign(all[name], test);
    else rest.push(one);
  }
  return rest.length ? { ...all, and: rest } : all;
}

function condition(chip) {
  const type = chipType(chip);
  return chip.level ? attributeCondition(chip, type) : { [chip.field]: { [chip.operator]: typed(chip, type) } };
}

function attributeCondition({ field, level, operator, value }, type) {
  const at = { key: field, ...(level !== "SPAN" && { level }) };
  if (operator === "isNull") return { attributes: [{ ...at, exists: value !== "true" }] };
  const test = { TEXT: "string", NUMBER: "number", BOOLEAN: "boolean" }[type];
  return { attributes: [{ ...at, [test]: { [operator]: typed({ operator, value: unquoted(value) }, type) } }] };
}

function typed({ operator, value }, type) {
  if (isSwitch(type, operator)) return value === "true";
  if (isListOperator(operator)) return value.split(",").map((part) => single(part.trim(), type)).filter((part) => part !== "");
  return single(value, type);
}

const single = (text, type) => (type === "NUMBER" ? Number(text) : text);

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
