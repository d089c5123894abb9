// Lists as they were left: going back in the browser's history finds the same rows at the same place.

const MOST = 8;

/** @type {Map<string, any>} */
const lists = new Map();

let next = 0;

/** What the current entry of the history kept; null if it is a new one. */
export const recallList = () => lists.get(history.state?.kept) ?? null;

/** Keep what is shown under the current entry of the history. */
export function keepList(value) {
  const kept = history.state?.kept ?? `${Date.now()}-${next++}`;
  if (!history.state?.kept) history.replaceState({ ...history.state, kept }, "");
  lists.delete(kept);
  lists.set(kept, { ...value, scroll: scrollY });
  if (lists.size > MOST) lists.delete(lists.keys().next().value);
}
