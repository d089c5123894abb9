// Two texts, line by line: what both have, and what one of them has alone.

/** Lines that are compared of each; what follows is only counted. */
const MOST = 1500;

/** @typedef {{text: string, base: boolean, other: boolean}} Line in which of the texts it stands */

/**
 * The lines of both in one list, with as many as possible in common.
 * @param {string[]} base @param {string[]} other
 * @returns {Line[]}
 */
export function comparedLines(base, other) {
  const [ones, others] = [base.slice(0, MOST), other.slice(0, MOST)];
  const begun = commonStart(ones, others);
  const ended = commonEnd(ones, others, begun);
  const both = (text) => ({ text, base: true, other: true });
  return [
    ...ones.slice(0, begun).map(both),
    ...between(ones.slice(begun, ones.length - ended), others.slice(begun, others.length - ended)),
    ...ones.slice(ones.length - ended).map(both),
  ];
}

function commonStart(ones, others) {
  let length = 0;
  while (length < ones.length && length < others.length && ones[length] === others[length]) length += 1;
  return length;
}

function commonEnd(ones, others, begun) {
  const most = Math.min(ones.length, others.length) - begun;
  let length = 0;
  while (length < most && ones.at(-1 - length) === others.at(-1 - length)) length += 1;
  return length;
}

/** By the longest common subsequence, whose lengths stand in a table. */
function between(ones, others) {
  const width = others.length + 1;
  const lengths = new Uint16Array((ones.length + 1) * width);
  for (let i = ones.length - 1; i >= 0; i -= 1)
    for (let j = others.length - 1; j >= 0; j -= 1)
      lengths[i * width + j] =
        ones[i] === others[j]
          ? lengths[(i + 1) * width + j + 1] + 1
          : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
  const lines = [];
  for (let i = 0, j = 0; i < ones.length || j < others.length;) {
    if (i < ones.length && j < others.length && ones[i] === others[j]) {
      lines.push({ text: ones[i], base: true, other: true });
      i += 1;
      j += 1;
    } else if (j >= others.length || (i < ones.length && lengths[(i + 1) * width + j] >= lengths[i * width + j + 1])) {
      lines.push({ text: ones[i++], base: true, other: false });
    } else lines.push({ text: others[j++], base: false, other: true });
  }
  return lines;
}

/** Long stretches that both have as `null`, but for some lines around what differs. @returns {(Line | null)[]} */
export function withoutCommon(lines, around = 3) {
  const isNear = new Array(lines.length).fill(false);
  lines.forEach((line, index) => {
    if (line.base && line.other) return;
    for (let near = index - around; near <= index + around; near += 1) if (near in isNear) isNear[near] = true;
  });
  return lines.flatMap((line, index) => (isNear[index] ? [line] : index === 0 || isNear[index - 1] ? [null] : []));
}
