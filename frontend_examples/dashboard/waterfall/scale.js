// From time to place: the part of a trace that is shown, and round moments to mark on it.
import { roundStep } from "../format/steps.js";

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
