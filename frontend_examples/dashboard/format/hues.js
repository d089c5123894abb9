// A colour for each service, the same on every page: hues that the style sheet makes fit for dark and light. Two names
// share one only when there are more names than hues.
const HUES = 16;

/** @type {Map<string, number>} */
const taken = new Map();
const used = new Set();

/** @returns {string} a class such as `hue-3` */
export function hueOf(name) {
  const key = name ?? "";
  if (!taken.has(key)) taken.set(key, freeHue(hashOf(key) % HUES));
  return `hue-${taken.get(key)}`;
}

function freeHue(wanted) {
  if (used.size === HUES) return wanted;
  let hue = wanted;
  while (used.has(hue)) hue = (hue + 7) % HUES;
  used.add(hue);
  return hue;
}

function hashOf(text) {
  let hash = 2166136261;
  for (const letter of text) hash = Math.imul(hash ^ letter.codePointAt(0), 16777619);
  return hash >>> 0;
}
