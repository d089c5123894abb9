// From time to place: the part of a trace that is shown, and round moments to mark on it.

/** @typedef {{from: number, to: number}} Zoom milliseconds after the trace began */

/** Where a moment lies in a zoom: 0 at its left edge, 1 at its right one. */
export const placeOf = (ms, { from, to }) => (ms - from) / (to - from);

/** A zoom around a place, closer or further; it stays within the trace. */
export function zoomed({ from, to }, factor, center, total) {
  const length = Math.min(total, Math.max(total / 1e6, (to - from) * factor));
  const start = Math.min(Math.max(0, center - ((center - from) / (to - from)) * length), total - length);
  return { from: start, to: start + length };
}

/** Round moments within a zoom, about `most` of them. */
export function ticks({ from, to }, most) {
  const step = roundStep((to - from) / Math.max(1, most));
  const first = Math.ceil(from / step) * step;
  const count = Math.floor((to - first) / step) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => first + index * step);
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const CLOCK = [
  ...[1, 2, 5, 10, 15, 30].map((number) => number * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((number) => number * MINUTE),
  ...[1, 2, 3, 6, 12].map((number) => number * HOUR),
];

/** The next round step: 1, 2, 5, 10, ... below a second and above a day, else what a clock shows. */
export function roundStep(value) {
  if (value <= SECOND / 2) return decimal(value, 1);
  return CLOCK.find((step) => step >= value * 0.999) ?? decimal(value, DAY);
}

function decimal(value, unit) {
  const power = 10 ** Math.floor(Math.log10(value / unit));
  return [1, 2, 5, 10].find((digit) => digit * power * unit >= value * 0.999) * power * unit;
}
