// What statistics measure: how each is read from a row, written, and ordered by.
import { cost, duration, percent, short } from "../format/numbers.js";

/**
 * @typedef {{name: string, label: string, of: (row: any) => number | null, format: Function, isSum?: boolean}}
 *   Measure
 */

/** @type {Measure[]} named as the API's `StatsMeasure`; isSum: parts add up, so they can be stacked */
export const MEASURES = [
  { name: "COUNT", label: "Count", of: ({ count }) => count, format: short, isSum: true },
  { name: "ERROR_COUNT", label: "Failed", of: ({ errorCount }) => errorCount, format: short, isSum: true },
  { name: "ERROR_RATE", label: "Error rate", of: ({ errorRate }) => errorRate, format: percent },
  { name: "DURATION_P50", label: "Median", of: ({ durationMs }) => durationMs.p50, format: duration },
  { name: "DURATION_P95", label: "p95", of: ({ durationMs }) => durationMs.p95, format: duration },
  { name: "DURATION_P99", label: "p99", of: ({ durationMs }) => durationMs.p99, format: duration },
  { name: "INPUT_TOKENS", label: "Tokens in", of: ({ inputTokens }) => inputTokens, format: short, isSum: true },
  { name: "OUTPUT_TOKENS", label: "Tokens out", of: ({ outputTokens }) => outputTokens, format: short, isSum: true },
  { name: "TOTAL_TOKENS", label: "Tokens", of: ({ totalTokens }) => totalTokens, format: short, isSum: true },
  { name: "COST", label: "Cost", of: ({ costUsd }) => costUsd, format: cost, isSum: true },
];

export const measureNamed = (name) => MEASURES.find((measure) => measure.name === name) ?? MEASURES[0];

/** How much more or less than before, as a share; null where there was nothing to compare with. */
export const changeOf = (now, before) => (now === null || !before ? null : (now - before) / before);

/** `+12 %`, `−3 %`, `×8.5` */
export function changeWords(share) {
  if (share === null) return "";
  if (share >= 2) return `×${(share + 1).toFixed(1)}`;
  const digits = (Math.abs(share) * 100).toFixed(Math.abs(share) < 0.1 ? 1 : 0);
  return `${share < 0 ? "−" : "+"}${digits} %`;
}
