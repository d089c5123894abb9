// What a page of statistics shows, in its address: whose figures, grouped by what, which measure, beside what.
import { isOfTrace, knownType } from "../state/fields.js";
import { attributeText } from "../state/filter.js";
import { questionParams } from "../state/question.js";

/** @typedef {{subject: "traces" | "spans", groups: string[], measure: string, isCompared: boolean}} View */

/** @param {URLSearchParams} params @returns {View} */
export const readView = (params) => ({
  subject: params.get("of") === "traces" ? "traces" : "spans",
  groups: params.has("by") ? params.getAll("by").filter(Boolean) : ["serviceName"],
  measure: params.get("measure") ?? "COUNT",
  isCompared: params.get("previous") === "yes",
});

/** The address of a question and a view of it. */
export function viewParams(question, { subject, groups, measure, isCompared }) {
  const params = questionParams(question);
  if (subject === "traces") params.set("of", "traces");
  for (const group of groups.length ? groups : [""]) params.append("by", group);
  if (measure !== "COUNT") params.set("measure", measure);
  if (isCompared) params.set("previous", "yes");
  return params;
}

const GROUP = /^(?:(SPAN|RESOURCE|SCOPE|EVENT|LINK|METADATA|INPUT|OUTPUT):)?(.+)$/s;

/** `serviceName`, `SPAN:http.route` as the API's `GroupKey`. */
export function groupKey(text) {
  const [, level, field] = GROUP.exec(text) ?? [];
  return { field, ...(level && { level }) };
}

/** What is typed becomes a column where there is one, else an attribute, at the level where it was seen. */
export function groupText(text, fields) {
  const wanted = text.trim();
  const known =
    fields.find(({ name }) => name === wanted) ??
    fields.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  if (known) return known.level ? `${known.level}:${known.name}` : known.name;
  return GROUP.exec(wanted)?.[1] || !wanted || knownType(wanted) ? wanted : `SPAN:${wanted}`;
}

/** The conditions that a row of a table stands for; of traces, a group is that of the root. */
export function rowChips(groups, keys, subject) {
  return groups.map(groupKey).map(({ field, level }, index) => ({
    field,
    operator: keys[index] === null ? "isNull" : "eq",
    value: keys[index] === null ? "true" : level ? attributeText(keys[index]) : keys[index],
    ...(level && { level }),
    ...(subject === "traces" && !isOfTrace(field, level) && { scope: /** @type {const} */ ("root") }),
  }));
}
