// How values are spread in a selection and in the rest, and where the two differ most.

/** @typedef {{name: string, level: string | null}} Field */
/** @typedef {{value: string | null, selected: number, other: number}} Share shares from 0 to 1 */
/** @typedef {{field: Field, score: number, values: Share[]}} Difference */

const COLUMNS =
  "serviceName name type kind model provider status environment userId scopeName scopeVersion entityName tags source " +
  "statusMessage organizationId";
/** A query selects at most fifty fields: two for each that is compared. */
const MOST = 24;
const SHOWN = 5;
const LEAST = 0.03;

/**
 * What is compared: the columns that tell spans apart, and the commonest attributes; not what the filter itself
 * asks.
 */
export function comparedFields(known, chips) {
  const asked = new Set(chips.map(({ field }) => field));
  const columns = COLUMNS.split(" ").map((name) => ({ name, level: null }));
  const attributes = known
    .filter(
      ({ level, type }) => (level === "SPAN" || level === "RESOURCE") && ["TEXT", "NUMBER", "BOOLEAN"].includes(type),
    )
    .sort((a, b) => b.seenCount - a.seenCount)
    .map(({ name, level }) => ({ name, level }));
  const wanted = [...columns.slice(0, 12), ...attributes, ...columns.slice(12)];
  return wanted.filter(({ name }) => !asked.has(name)).slice(0, MOST);
}

/** @returns {Difference[]} the greatest first */
export function differences(data, fields) {
  const [selected, other] = [data.selected[0].count, data.other[0].count];
  return fields
    .map((field, index) => differenceOf(field, data[`selected${index}`], data[`other${index}`], selected, other))
    .filter(({ score }) => score >= LEAST)
    .sort((a, b) => b.score - a.score);
}

function differenceOf(field, selectedRows, otherRows, selectedCount, otherCount) {
  const shares = new Map();
  const add = (rows, side, total) => {
    for (const { keys, isOther, count } of rows) {
      if (isOther) continue;
      const share = shares.get(keys[0]) ?? { value: keys[0], selected: 0, other: 0 };
      shares.set(keys[0], { ...share, [side]: total ? count / total : 0 });
    }
  };
  add(selectedRows, "selected", selectedCount);
  add(otherRows, "other", otherCount);
  const gap = ({ selected, other }) => Math.abs(selected - other);
  const values = [...shares.values()].sort((a, b) => gap(b) - gap(a) || b.selected - a.selected);
  // Values that are all different, such as ids, differ everywhere and say nothing.
  const isTelling = values.some(({ selected, other }) => selected * selectedCount >= 2 || other * otherCount >= 2);
  return { field, score: isTelling && values.length ? gap(values[0]) : 0, values: values.slice(0, SHOWN) };
}
