// How values are spread in a selection of traces and in the others, and where the two differ most.

const COLUMNS =
  "serviceName name type kind model provider status environment userId scopeName scopeVersion entityName tags source " +
  "statusMessage organizationId";
/** A query selects at most fifty fields: two for each that is compared. */
const MOST = 22;
const SHOWN = 5;
const LEAST = 0.03;

/**
 * What is compared: the columns that tell traces apart, and the commonest attributes; not what the filter itself says.
 * @returns {{name: string, level: string | null}[]}
 */
export function comparedFields(known, chips) {
  const chosen = new Set(chips.map(({ field }) => field));
  const columns = COLUMNS.split(" ").map((name) => ({ name, level: null }));
  const attributes = known
    .filter(
      ({ level, type }) => (level === "SPAN" || level === "RESOURCE") && ["TEXT", "NUMBER", "BOOLEAN"].includes(type),
    )
    .sort((a, b) => b.seenCount - a.seenCount)
    .map(({ name, level }) => ({ name, level }));
  const wanted = [...columns.slice(0, 12), ...attributes, ...columns.slice(12)];
  return wanted.filter(({ name }) => !chosen.has(name)).slice(0, MOST);
}

/** @returns {import("./ranking.js").Difference[]} the greatest first */
export function traceDifferences(data, fields) {
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
  const score = isTelling && values.length ? gap(values[0]) : 0;
  return { field, score, values: values.slice(0, SHOWN), bins: [], also: [] };
}
