// What is shown of the fields that differ: not what the filter itself says, and each difference once.

/**
 * @typedef {{value: string | null, selected: number, other: number}} Share shares from 0 to 1
 * @typedef {{from: number, to: number, selected: number, other: number}} Bin
 * @typedef {{field: {name: string, level: string | null}, score: number, values: Share[], bins: Bin[],
 *   also: string[]}} Difference also: other fields that say the same
 */

const LEAST = 0.03;
const BINS = 24;

/** @returns {Difference[]} the greatest first, as the server ranks them */
export function spanDifferences({ spanDifference }, chips) {
  const chosen = new Set(chips.map(({ field }) => field));
  return spanDifference.fields
    .filter(({ name, difference }) => difference >= LEAST && !chosen.has(name))
    .filter(isTelling)
    .map(({ name, level, difference, values, distribution }) => ({
      field: { name, level },
      score: difference,
      values: values.map(({ value, selectionShare, baselineShare }) => ({
        value,
        selected: selectionShare,
        other: baselineShare,
      })),
      bins: coarse(distribution),
      also: [],
    }));
}

/** Values that are all different, such as ids, differ everywhere and say nothing. */
const isTelling = ({ values, distribution }) =>
  distribution.length > 0 || values.some((each) => each.selectionCount >= 2 || each.baselineCount >= 2);

/** @returns {Bin[]} neighbours in one where there are too many to tell apart */
export function coarse(distribution) {
  const size = Math.ceil(distribution.length / BINS);
  const bins = [];
  for (let index = 0; index < distribution.length; index += size) {
    const part = distribution.slice(index, index + size);
    const sum = (name) => part.reduce((whole, bin) => whole + bin[name], 0);
    const [from, to] = [part[0].from, part.at(-1).to];
    bins.push({ from, to, selected: sum("selectionShare"), other: sum("baselineShare") });
  }
  return bins;
}

/**
 * Fields that divide both sides by the very same shares are shown once: `serviceName` and `service.name`, a cloud and
 * its only region.
 */
export function withoutRepeats(list) {
  const known = new Map();
  for (const difference of list) {
    const shares = difference.values.map(({ selected, other }) => [selected, other]);
    const key = JSON.stringify([shares, difference.bins]);
    const first = known.get(key);
    if (first) first.also.push(difference.field.name);
    else known.set(key, { ...difference, also: [] });
  }
  return [...known.values()];
}
