// What the filter bar offers while one types: fields, then operators, then values that are really there.
import { SPAN_FIELDS, SPAN_FIELD_VALUES } from "../api/documents.js";
import { request } from "../api/request.js";
import { chipSentence } from "./filter.js";
import { ENUM_VALUES, OPERATORS, TRACE_FIELDS, isListOperator, isSwitch, operatorLabel } from "./fields.js";

/**
 * A condition that is being made: a field at first, then with its operator.
 * @typedef {{field: string, type: import("./fields.js").FieldType, level?: string, scope?: "spans", operator?: string}} Draft
 * @typedef {{id: string, label: string, hint?: string, detail?: string, draft?: Draft, chip?: object, search?: string, value?: string}} Option
 */

let known = null;

/** Every field that spans have, asked once; the likeliest first. */
export function loadFields() {
  known ??= request(SPAN_FIELDS).then(
    (data) => data.spanFields.filter(({ operators }) => operators.length).sort((a, b) => rank(a) - rank(b) || b.seenCount - a.seenCount),
    () => {
      known = null;
      return [];
    },
  );
  return known;
}

const LIKELY = "status serviceName name durationMs type model userId sessionId threadId environment kind tags provider".split(" ");

function rank({ name, level }) {
  const place = level ? -1 : LIKELY.indexOf(name);
  return place >= 0 ? place : level === null ? LIKELY.length : LIKELY.length + 1;
}

/** @returns {Option[]} what the text can become where a condition begins */
export function fieldOptions(fields, text, subject) {
  const search = text ? [{ id: "search", label: `Search for “${text}”`, hint: "text anywhere", search: text }] : [];
  const own = subject === "traces" ? [...TRACE_FIELDS.slice(0, 1), ...fields.slice(0, 4), ...TRACE_FIELDS.slice(1), ...fields.slice(4)] : fields;
  const matching = (list, most) => list.filter((field) => isNamed(field, text)).sort(byStart(text)).slice(0, most);
  const within = subject === "traces" ? matching(fields, text ? 20 : 8).map((field) => fieldOption(field, "spans")) : [];
  return [...search, ...matching(own, text ? 20 : 14).map((field) => fieldOption(field)), ...within];
}

const isNamed = ({ name }, text) => name.toLowerCase().includes(text.toLowerCase());

const byStart = (text) => (a, b) => starts(b, text) - starts(a, text);

const starts = ({ name }, text) => Number(name.toLowerCase().startsWith(text.toLowerCase()));

function fieldOption({ name, level, type, description }, scope) {
  const draft = { field: name, type, ...(level && { level }), ...(scope && { scope }) };
  const place = level ? `${level.toLowerCase()} attribute` : "";
  return {
    id: `${scope ?? "own"}-${level ?? "column"}-${name}`,
    label: name,
    hint: [scope && "any span", place].filter(Boolean).join(", "),
    // Of an attribute there is no more to say than where it is.
    detail: level ? "" : description ?? "",
    draft,
  };
}

/** @returns {Option[]} the operators of a field; those that need no value make a chip at once */
export function operatorOptions(draft, text) {
  const options = operatorsOf(draft).flatMap((operator) =>
    isSwitch(draft.type, operator) ? switchOptions(draft, operator) : [operatorOption(draft, operator)],
  );
  return options.filter(({ label }) => label.toLowerCase().includes(text.toLowerCase()));
}

/** Attributes are tested as text, numbers and truth values; whatever else one is, it is there or not. */
function operatorsOf({ type, level }) {
  return level && !["TEXT", "NUMBER", "BOOLEAN"].includes(type) ? ["isNull"] : OPERATORS[type];
}

const operatorOption = (draft, operator) => ({
  id: `operator-${operator}`,
  label: operatorLabel(operator),
  draft: { ...draft, operator },
});

function switchOptions({ type: _, ...draft }, operator) {
  return ["true", "false"].map((value) => {
    const chip = { ...draft, operator, value };
    const words = chipSentence(chip);
    return { id: `operator-${operator}-${value}`, label: words.slice(words.indexOf(draft.field) + draft.field.length + 1), chip };
  });
}

/** @returns {Promise<Option[]>} values that begin with the text, the most frequent first */
export async function valueOptions(draft, text, filter, signal) {
  const { field, level, operator, type } = draft;
  const last = isListOperator(operator) ? text.split(",").at(-1).trim() : text;
  if (type === "ENUM" && ENUM_VALUES[field]) return named(ENUM_VALUES[field].map((value) => ({ value })), last);
  if (type === "TIME" || type === "NUMBER" || type === "JSON") return [];
  const asked = field === "services" ? "serviceName" : field;
  const variables = { field: asked, level: level ?? null, prefix: last || null, filter };
  const data = await request(SPAN_FIELD_VALUES, variables, { signal });
  return named(data.spanFieldValues, "");
}

const named = (values, text) =>
  values
    .filter(({ value }) => value.toLowerCase().startsWith(text.toLowerCase()))
    .map(({ value, count }) => ({
      id: `value-${value}`,
      label: value || "(empty)",
      hint: count === undefined ? "" : count.toLocaleString("en"),
      value,
    }));

/** A typed value as its chip keeps it: `2s` of a duration is 2000, a local time becomes UTC. Null if it cannot be. */
export function normalValue({ field, type }, text) {
  if (type === "NUMBER") return numberText(field, text.trim());
  if (type !== "TIME") return text;
  const moment = Date.parse(text);
  return Number.isNaN(moment) ? null : new Date(moment).toISOString();
}

const UNITS = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, min: 60_000, h: 3_600_000 };

function numberText(field, text) {
  const [, digits, unit] = /^(-?[\d.]+(?:e[+-]?\d+)?)\s*(ns|us|µs|ms|s|min|h)?$/i.exec(text) ?? [];
  if (digits === undefined || Number.isNaN(Number(digits))) return null;
  return unit && field === "durationMs" ? String(Number(digits) * UNITS[unit]) : digits;
}
