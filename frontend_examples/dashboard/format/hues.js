// A colour for each service, the same on every page: ten hues that the style sheet makes fit for dark and light.

/** @returns {string} a class such as `hue-3` */
export function hueOf(name) {
  let hash = 2166136261;
  for (const letter of name ?? "") hash = Math.imul(hash ^ letter.codePointAt(0), 16777619);
  return `hue-${(hash >>> 0) % 10}`;
}
