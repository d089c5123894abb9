// What a list asks: chips, free text, a period and an order; read from the URL and written to it.
import { applies, chipToText, joined, textToChip, toFilter } from "./filter.js";

/**
 * @typedef {{range?: string, from?: string, to?: string}} Period a name of RANGES, or moments (RFC 3339)
 * @typedef {{chips: import("./filter.js").Chip[], search: string, period: Period, order: string, live?: boolean}}
 *   Question
 */

/** Periods that end now, in minutes. */
export const RANGES = { "15m": 15, "1h": 60, "6h": 360, "24h": 1440, "7d": 10_080, "30d": 43_200 };

export const RANGE_LABELS = {
  "15m": "Last 15 minutes",
  "1h": "Last hour",
  "6h": "Last 6 hours",
  "24h": "Last 24 hours",
  "7d": "Last 7 days",
  "30d": "Last 30 days",
};

/** @type {Question} */
export const EVERYTHING = { chips: [], search: "", period: {}, order: "" };

/** @param {URLSearchParams} params @returns {Question} */
export function readQuestion(params) {
  const range = params.get("range");
  return {
    chips: params.getAll("f").map(textToChip).filter(Boolean),
    search: params.get("q") ?? "",
    period: range in RANGES ? { range } : { from: params.get("from") ?? undefined, to: params.get("to") ?? undefined },
    order: params.get("sort") ?? "",
    live: params.get("live") === "yes",
  };
}

/** Whether a question leaves anything out. @param {Question} question */
export const isNarrowed = ({ chips, search, period }) =>
  Boolean(chips.length || search || Object.values(period).some(Boolean));

/** @param {Partial<Question>} question */
export function questionParams({ chips = [], search = "", period = {}, order = "", live = false }) {
  const params = new URLSearchParams();
  for (const chip of chips) params.append("f", chipToText(chip));
  const rest = { q: search, ...period, sort: order, live: live && "yes" };
  for (const [name, value] of Object.entries(rest)) if (value) params.set(name, value);
  return params;
}

/** What a question asks of another subject: conditions that mean nothing there are left out, as are order and live. */
export const carried = (question, subject) => ({
  ...question,
  chips: question.chips.filter((chip) => applies(chip, subject)),
  order: "",
  live: false,
});

/** The typed filter of a question, of traces or of spans. `now` is the moment at which ranges end. */
export function questionFilter({ chips, search, period }, subject, now = Date.now()) {
  const startedAt = periodTest(period, now);
  const found = subject === "traces" ? { spans: { some: { search } } } : { search };
  return joined([toFilter(chips, subject), ...(startedAt ? [{ startedAt }] : []), ...(search ? [found] : [])]);
}

/** The filter of charts and statistics: time ends now at the latest, so that silence until now can be seen. */
export function boundedFilter(question, subject, now = Date.now()) {
  const until = question.period.to ? [] : [{ startedAt: { lt: new Date(now).toISOString() } }];
  return joined([questionFilter(question, subject, now), ...until]);
}

/** @param {Period} period in milliseconds; `from` is null for all time. */
export function periodBounds({ range, from, to }, now = Date.now()) {
  if (range) return { from: now - RANGES[range] * 60_000, to: now };
  return { from: from ? Date.parse(from) : null, to: to ? Date.parse(to) : now };
}

/** The order that a question asks for; null is the usual one, the newest first. */
export function questionOrder({ order }) {
  if (!order) return null;
  const [field, direction = "DESC"] = order.split(" ");
  return [{ field, direction, ...(field !== "STARTED_AT" && { nulls: "LAST" }) }];
}

function periodTest({ range, from, to }, now) {
  if (range) return { gte: new Date(now - RANGES[range] * 60_000).toISOString() };
  if (from || to) return { ...(from && { gte: from }), ...(to && { lt: to }) };
  return null;
}
