// Choices that a browser keeps for its reader: columns, views, widths. Without storage they last as long as the page.

const kept = new Map();

/** @template T @param {string} name @param {T} otherwise @returns {T} */
export function stored(name, otherwise) {
  if (kept.has(name)) return kept.get(name);
  try {
    const text = localStorage.getItem(`spanwell-${name}`);
    return text === null ? otherwise : JSON.parse(text);
  } catch {
    return otherwise;
  }
}

export function store(name, value) {
  kept.set(name, value);
  try {
    localStorage.setItem(`spanwell-${name}`, JSON.stringify(value));
  } catch {
    // It is kept above.
  }
}
