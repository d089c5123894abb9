// What a list asks: chips, free text, a stretch of time and an order; read from the URL and written to it.
import { chipToText, joined, textToChip, toFilter } from "./filter.js";

/**
 * @typedef {{range?: string, from?: string, to?: string}} Period a name of RANGES, or moments (RFC 3339)
 * @typedef {{chips: import("./filter.js").Chip[], search: string, period: Period, sort: string, live?: boolean}} Question
 */

/** Stretches of time that end now, in minutes. */
export const RANGES = { "15m": 15, "1h": 60, "6h": 360, "24h": 1440, "7d": 10_080, "30d": 43_200 };

export const RANGE_LABELS = {
  "15m": "Last 15 minutes",
  "1h": "Last hour",
  "6h": "Last 6 hours",
  "24h": "Last 24 hours",
  "7d": "Last 7 days",
  "30d": "Last 30 days",
};

/** @param {URLSearchParams} params @returns {Question} */
export function readQuestion(params) {
  const range = params.get("range");
  return {
    chips: params.getAll("f").map(textToChip).filter(Boolean),
    search: params.get("q") ?? "",
    period:
      range in RANGES ? { range } : { from: params.get("from") ?? undefined, to: params.get("to") ?? undefined },
    sort: params.get("sort") ?? "",
    live: params.get("live") === "yes",
  };
}

/** @param {Question} question */
export function questionParams({ chips, search, period, sort, live }) {
  const params = new URLSearchParams();
  for (const chip of chips) params.append("f", chipToText(chip));
  for (const [name, value] of Object.entries({ q: search, ...period, sort, live: live && "yes" })) if (value) params.set(name, value);
  return params;
}

/** The typed filter of a question, of traces or of spans. `now` is the moment at which ranges end. */
export function questionFilter({ chips, search, period }, subject, now = Date.now()) {
  const filter = toFilter(chips);
  const startedAt = periodTest(period, now);
  const found = subject === "traces" ? { spans: { some: { search } } } : { search };
  return joined([
    ...Object.entries(filter).map(([name, test]) => ({ [name]: test })),
    ...(startedAt ? [{ startedAt }] : []),
    ...(search ? [found] : []),
  ]);
}

/** The order that a question asks for; null is the usual one, the newest first. */
export function questionOrder({ sort }) {
  if (!sort) return null;
  const [field, direction = "DESC"] = sort.split(" ");
  return [{ field, direction, ...(field !== "STARTED_AT" && { nulls: "LAST" }) }];
}

function periodTest({ range, from, to }, now) {
  if (range) return { gte: new Date(now - RANGES[range] * 60_000).toISOString() };
  if (from || to) return { ...(from && { gte: from }), ...(to && { lt: to }) };
  return null;
}
