// The Markdown that models write, as blocks: code, headings, lists, tables, quotes and paragraphs. Raw HTML stays text.

/**
 * @typedef {{kind: "code" | "heading" | "list" | "table" | "quote" | "rule" | "text", text?: string, level?: number,
 *   items?: {text: string, depth: number}[], isOrdered?: boolean, start?: number, rows?: string[][]}} Block
 */

const FENCE = /^\s*(```+|~~~+)/;
const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const RULE = /^\s*([-*_])(?:\s*\1){2,}\s*$/;
const DIVIDER = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

/** @param {string} text @returns {Block[]} */
export function blocksOf(text) {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const blocks = [];
  let at = 0;
  while (at < lines.length) {
    const [block, next] = blockAt(lines, at);
    if (block) blocks.push(block);
    at = next;
  }
  return blocks;
}

/** The block that begins in a line, and the line after it. */
function blockAt(lines, at) {
  const line = lines[at];
  if (!line.trim()) return [null, at + 1];
  const fence = FENCE.exec(line)?.[1];
  if (fence) return code(lines, at, fence);
  const [, marks, title] = HEADING.exec(line) ?? [];
  if (marks) return [{ kind: "heading", level: marks.length, text: title }, at + 1];
  if (RULE.test(line)) return [{ kind: "rule" }, at + 1];
  if (ITEM.test(line)) return list(lines, at);
  if (line.includes("|") && DIVIDER.test(lines[at + 1] ?? "") && lines[at + 1].includes("-")) return table(lines, at);
  if (/^\s*>/.test(line)) return quote(lines, at);
  return paragraph(lines, at);
}

function code(lines, at, fence) {
  let end = at + 1;
  while (end < lines.length && !lines[end].trim().startsWith(fence)) end++;
  return [{ kind: "code", text: lines.slice(at + 1, end).join("\n") }, end + 1];
}

function list(lines, at) {
  const items = [];
  const first = ITEM.exec(lines[at])[2];
  let end = at;
  for (; end < lines.length; end++) {
    const [, indent, , text] = ITEM.exec(lines[end]) ?? [];
    if (text !== undefined)
      items.push({ text, depth: Math.min(4, Math.floor(indent.replaceAll("\t", "  ").length / 2)) });
    else if (/^\s+\S/.test(lines[end])) items.at(-1).text += `\n${lines[end].trim()}`;
    else break;
  }
  const isOrdered = /\d/.test(first);
  return [{ kind: "list", items, isOrdered, ...(isOrdered && { start: Number.parseInt(first, 10) }) }, end];
}

function table(lines, at) {
  let end = at + 2;
  while (end < lines.length && lines[end].includes("|")) end++;
  const rows = [lines[at], ...lines.slice(at + 2, end)].map(cells);
  return [{ kind: "table", rows }, end];
}

const cells = (line) =>
  line
    .trim()
    .replace(/^\||\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll(String.raw`\|`, "|"));

function quote(lines, at) {
  let end = at;
  while (end < lines.length && /^\s*>/.test(lines[end])) end++;
  return [
    {
      kind: "quote",
      text: lines
        .slice(at, end)
        .map((line) => line.replace(/^\s*> ?/, ""))
        .join("\n"),
    },
    end,
  ];
}

function paragraph(lines, at) {
  let end = at + 1;
  while (
    end < lines.length &&
    lines[end].trim() &&
    !FENCE.test(lines[end]) &&
    !HEADING.test(lines[end]) &&
    !ITEM.test(lines[end])
  )
    end++;
  return [{ kind: "text", text: lines.slice(at, end).join("\n") }, end];
}
