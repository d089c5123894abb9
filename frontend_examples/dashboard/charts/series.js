// Rows of statistics as a series in time: evenly spaced stretches, from the first to the last.

/**
 * @typedef {{rows: any[], starts: number[], step: number, from: number, to: number, length: number}} Series
 * @param {any[]} rows one for each stretch, in the order of time @returns {Series}
 */
export function inTime(rows) {
  const starts = rows.map((row) => Date.parse(row.bucketStart));
  const step = starts.length > 1 ? (starts.at(-1) - starts[0]) / (starts.length - 1) : 60_000;
  const from = starts[0] ?? 0;
  return { rows, starts, step, from, to: from + step * rows.length, length: rows.length };
}

/** The stretch at a share of the width; null if there are none. */
export function indexAt({ length }, share) {
  return length ? Math.min(length - 1, Math.max(0, Math.floor(share * length))) : null;
}

/** The period that a selection means, from the start of its first stretch to the end of its last. */
export function periodOf(series, from, to) {
  const first = indexAt(series, from);
  const last = indexAt(series, to - 1e-9);
  const moment = (ms) => new Date(ms).toISOString();
  return { from: moment(series.starts[first]), to: moment(series.starts[last] + series.step) };
}

/** The least round number that is not smaller: 1, 2, 5, 10, 20, ... */
export function roundAbove(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 2.5, 5, 10].map((digit) => digit * power).find((round) => round >= value * 0.9999);
}
