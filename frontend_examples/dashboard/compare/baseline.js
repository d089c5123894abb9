// What a selection is compared with.
import { boundedFilter, periodBounds } from "../state/question.js";

/** @typedef {"rest" | "before" | "ever"} Against */

export const AGAINST = {
  rest: "all others of this time",
  before: "the same before this time",
  ever: "all others of all time",
};

const hasStart = ({ period }) => Boolean(period.range || period.from);
const hasConditions = ({ chips, search }) => chips.length > 0 || Boolean(search);

/** Whether a question selects anything: by conditions, or by a time that has a time before it. */
export const isSelective = (question) => hasConditions(question) || hasStart(question);

/** What can be chosen for a question; the first is the usual one. @returns {Against[]} */
export function choicesOf(question) {
  if (!hasConditions(question)) return ["before", "ever"];
  return hasStart(question) ? ["rest", "before", "ever"] : ["rest"];
}

/** The filter of what a selection is compared with; what meets the selection is taken out of it by the query. */
export function baselineFilter(question, subject, against, now) {
  const everything = { ...question, chips: [], search: "" };
  if (against === "before") return boundedFilter({ ...question, period: periodBefore(question, now) }, subject, now);
  return boundedFilter(against === "ever" ? { ...everything, period: {} } : everything, subject, now);
}

/** The stretch of the same length that ends where a period begins. */
export function periodBefore({ period }, now) {
  const { from, to } = periodBounds(period, now);
  const moment = (ms) => new Date(ms).toISOString();
  return { from: moment(from - (to - from)), to: moment(from) };
}
