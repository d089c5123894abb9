// What the filter bar offers while one types: fields, then operators, then values that are really there.
import { SPAN_FIELDS, SPAN_FIELD_VALUES, valueCounts } from "../api/documents.js";
import { request } from "../api/request.js";
import { count } from "../format/numbers.js";
import { attributeText, chipSentence, chipWords, toFilter } from "../state/filter.js";
import { SPAN_COLUMNS } from "../state/columns.js";
import {
  ENUM_VALUES,
  TRACE_FIELDS,
  isListOperator,
  isOfTrace,
  isSwitch,
  knownType,
  ofAgent,
  operatorLabel,
  operatorsOf,
} from "../state/fields.js";
import { parsePhrase } from "../state/phrase.js";

/**
 * A condition that is being made: a field at first, then with its operator.
 * @typedef {{field: string, type: import("../state/fields.js").FieldType, level?: string, scope?: "spans" | "root",
 *   operator?: string, not?: boolean, or?: boolean}} Draft
 * @typedef {{id: string, label: string, hint?: string, detail?: string, draft?: Draft, chip?: any, search?: string,
 *   value?: string, link?: string}} Option
 */

/** @type {Map<string, Promise<any[]>>} */
const known = new Map();

/** The fields that spans of a filter have, asked once for each filter; the likeliest first. */
export function loadFields(filter) {
  const key = JSON.stringify(filter ?? {});
  if (!known.has(key)) {
    const found = request(SPAN_FIELDS, { filter }).then(({ spanFields }) =>
      spanFields
        .filter(({ name, operators }) => operators.length && !name.startsWith("trace."))
        .sort((a, b) => rank(a) - rank(b) || b.seenCount - a.seenCount),
    );
    known.set(key, found);
    found.catch(() => known.delete(key));
  }
  return known.get(key);
}

const LIKELY =
  "status serviceName name durationMs type model userId sessionId threadId environment kind tags provider".split(" ");

/** What can be offered before the server has answered: the columns, as the schema has them. */
export const columnFields = () =>
  Object.entries(SPAN_COLUMNS)
    .map(([name, type]) => ({ name, level: null, type, description: "" }))
    .sort((a, b) => rank(a) - rank(b));

function rank({ name, level }) {
  const place = level ? -1 : LIKELY.indexOf(name);
  return place >= 0 ? place : level === null ? LIKELY.length : LIKELY.length + 1;
}

/** @returns {Option[]} what the text can become where a condition begins */
export function fieldOptions(fields, text, subject) {
  const isTraces = subject === "traces";
  const own = isTraces
    ? [...TRACE_FIELDS.slice(0, 1), ...fields.slice(0, 4), ...TRACE_FIELDS.slice(1), ...fields.slice(4)]
    : fields;
  const matching = (list, most) =>
    list
      .filter((field) => isNamed(field, text))
      .sort(byStart(text))
      .slice(0, most);
  const named = matching(own, text ? 20 : 14);
  const others = isTraces && text ? named.flatMap(otherScope).slice(0, 8) : [];
  const options = [...named.map((field) => fieldOption(field, undefined, isTraces)), ...others];
  return [...phraseOptions(fields, text, subject), ...searchOptions(text), ...options, ...typedKey(named, text)];
}

function phraseOptions(fields, text, subject) {
  const phrase = text ? parsePhrase(text, subject, fields) : null;
  return phrase?.chip ? [{ id: "phrase", label: chipSentence(phrase.chip), hint: "condition", chip: phrase.chip }] : [];
}

const searchOptions = (text) =>
  text ? [{ id: "search", label: `Search for “${text}”`, hint: "text anywhere", search: text }] : [];

/** Any key can be asked about, seen or not. */
function typedKey(named, text) {
  if (!/^[\w@$./-]{2,}$/.test(text) || named.some(({ name }) => name === text) || knownType(text)) return [];
  return ["SPAN", "RESOURCE"].map((level) =>
    fieldOption({ name: text, level, type: "TEXT", description: "" }, undefined, false),
  );
}

/** A field that the trace has as well as its spans, or its root apart from the others. */
function otherScope(field) {
  if (TRACE_FIELDS.includes(field)) return [];
  return [fieldOption(field, isOfTrace(field.name, field.level) ? "spans" : "root", true)];
}

const isNamed = ({ name }, text) => name.toLowerCase().includes(text.toLowerCase());

const byStart = (text) => (a, b) => starts(b, text) - starts(a, text);

const starts = ({ name }, text) => Number(name.toLowerCase().startsWith(text.toLowerCase()));

const SCOPES = { spans: "any span", root: "root span" };

function fieldOption({ name, level, type, description }, scope, isTraces) {
  const draft = { field: name, type, ...(level && { level }), ...(scope && { scope }) };
  const whose = isTraces && !scope && !isOfTrace(name, level) ? "spans" : scope;
  const place = level ? `${level.toLowerCase()} attribute` : "";
  return {
    id: `${scope ?? "own"}-${level ?? "column"}-${name}`,
    label: name,
    hint: [SCOPES[whose], place].filter(Boolean).join(", "),
    // Of an attribute there is no more to say than where it is.
    detail: level ? "" : (description ?? "").replaceAll("`", ""),
    draft,
  };
}

/** @returns {Option[]} the operators of a field; those that need no value make a chip at once */
export function operatorOptions(draft, text) {
  const options = offered(draft).flatMap(
    (operator) =>
      /** @type {Option[]} */ (
        isSwitch(draft.type, operator) ? switchOptions(draft, operator) : [operatorOption(draft, operator)]
      ),
  );
  return options.filter(({ label }) => label.toLowerCase().includes(text.toLowerCase()));
}

/** Attributes are tested as text, numbers and truth values; whatever else one is, it is there or not. */
function offered({ type, level }) {
  if (!level) return operatorsOf(type);
  if (!["TEXT", "NUMBER", "BOOLEAN"].includes(type)) return ["isNull"];
  // Numbers of an attribute are compared too, whatever it was first seen as.
  return type === "TEXT" ? [...new Set([...operatorsOf(type), "gte", "lte"])] : operatorsOf(type);
}

const operatorOption = (draft, operator) => ({
  id: `operator-${operator}`,
  label: operatorLabel(operator),
  draft: { ...draft, operator },
});

function switchOptions({ type: _, ...draft }, operator) {
  return ["true", "false"].map((value) => {
    const chip = { ...draft, operator, value };
    const words = chipWords(/** @type {any} */ ({ ...chip, not: false }));
    return { id: `operator-${operator}-${value}`, label: `${words.operator} ${words.value}`.trim(), chip };
  });
}

/**
 * Values that begin with the text, the most frequent first. For lists of traces they are counted as traces, in a second
 * answer; a value that no trace of the current filter has is left out then.
 * @param {Draft} draft @param {string} text
 * @param {{subject: string, filter: object, spanFilter: object, signal: AbortSignal}} how
 *   spanFilter: what of the filter can be asked of spans
 * @param {(options: Option[]) => void} show called once or twice
 */
export async function findValues(draft, text, { subject, filter, spanFilter, signal }, show) {
  const { field, level, operator, type } = draft;
  const last = isListOperator(operator) ? text.split(",").at(-1).trim() : text;
  if (type === "ENUM" && ENUM_VALUES[field])
    return show(
      named(
        ENUM_VALUES[field].map((value) => ({ value })),
        last,
      ),
    );
  if (type === "TIME" || type === "NUMBER" || type === "JSON") return show([]);
  const column = field === "services" ? "serviceName" : (ofAgent(field) ?? field);
  const variables = { field: column, level: level ?? null, prefix: last || null, filter: spanFilter };
  const { spanFieldValues: values } = await request(SPAN_FIELD_VALUES, variables, { signal });
  if (subject !== "traces" || !values.length) return show(named(values, ""));
  show(
    named(
      values.map(({ value }) => ({ value })),
      "",
    ),
  );
  const tests = values.map(({ value }) => toFilter([valueChip(draft, value)], "traces"));
  const { query, variables: counted } = valueCounts(tests.map((test) => ({ and: [filter, test] })));
  const counts = await request(query, counted, { signal });
  const traces = values.map(({ value }, index) => ({ value, count: counts[`of${index}`].totalCount }));
  return show(
    named(
      traces.filter(({ count }) => count).sort((a, b) => b.count - a.count),
      "",
    ),
  );
}

/** The condition that a value completes. @returns {any} a `Chip` */
export function valueChip({ type, ...draft }, value) {
  const operator = type === "TEXTS" ? "any" : "eq";
  return { ...draft, operator, value: draft.level && type === "TEXT" ? attributeText(value) : value };
}

const named = (values, text) =>
  values
    .filter(({ value }) => value.toLowerCase().startsWith(text.toLowerCase()))
    .map(({ value, count: seen }) => ({
      id: `value-${value}`,
      label: value || "(empty)",
      hint: seen === undefined ? "" : count(seen),
      value,
    }));
