// JSON, indented and coloured, with the digits that it came with; where it is large, as a tree that is drawn as it is
// opened.
import { html } from "../html.js";
import { Digits } from "../api/request.js";
import { LongText } from "../parts/long-text.js";
import { JsonTree } from "./json-tree.js";

const MOST = 6_000;

export function JsonText({ value }) {
  if (typeof value === "string") return html`<div class="json"><${LongText} text=${value} /></div>`;
  if (sizeOf(value, MOST) >= MOST) return html`<${JsonTree} value=${value} />`;
  return html`<div class="json"><pre>${coloured(printed(value))}</pre></div>`;
}

/** About how many characters a value has; it stops counting at the most. */
export function sizeOf(value, most) {
  let size = 0;
  const pending = [value];
  while (pending.length && size < most) {
    const next = pending.pop();
    if (next === null || typeof next !== "object" || next instanceof Digits) size += String(next).length + 2;
    else {
      const entries = Array.isArray(next) ? next : Object.values(next);
      size += 2 * entries.length + 2;
      for (let index = 0; index < entries.length && size < most; index++) pending.push(entries[index]);
    }
  }
  return size;
}

/** JSON with an indent of two; what fits in a line stays in one. */
export function printed(value, indent = "") {
  if (value instanceof Digits) return value.text;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const isList = Array.isArray(value);
  const [open, close] = isList ? "[]" : "{}";
  const inner = `${indent}  `;
  const parts = isList
    ? value.map((one) => printed(one, inner))
    : Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${printed(one, inner)}`);
  const line = `${open}${parts.join(", ")}${close}`;
  if (line.length + indent.length <= 60 && !line.includes("\n")) return line;
  return `${open}\n${parts.map((part) => inner + part).join(",\n")}\n${indent}${close}`;
}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d[\d.eE+-]*/g;

function kindOf(token, quoted, colon) {
  if (quoted) return colon ? "json-key" : "json-string";
  return /^[tfn]/.test(token) ? "json-boolean" : "json-number";
}

function coloured(text) {
  const parts = [];
  let last = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [token, quoted, colon] = match;
    parts.push(text.slice(last, match.index));
    parts.push(html`<span class=${kindOf(token, quoted, colon)}>${quoted ?? token}</span>${colon ?? ""}`);
    last = match.index + token.length;
  }
  return [...parts, text.slice(last)];
}
