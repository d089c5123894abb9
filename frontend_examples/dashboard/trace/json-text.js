// JSON, indented and coloured, with the digits that it came with.
import { html, useState } from "../html.js";
import { Digits } from "../api/request.js";

const MOST = 4_000;

export function JsonText({ value }) {
  const [isWhole, setWhole] = useState(false);
  const text = typeof value === "string" ? value : printed(value);
  const isLong = text.length > MOST * 1.5;
  const shown = isLong && !isWhole ? text.slice(0, MOST) : text;
  return html`<div class="json">
    <pre tabindex=${isLong ? "0" : null}>${typeof value === "string" ? shown : coloured(shown)}</pre>
    ${isLong && !isWhole && html`<button type="button" class="button" onClick=${() => setWhole(true)}>
      Show all ${text.length.toLocaleString("en")} characters
    </button>`}
  </div>`;
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

function coloured(text) {
  const parts = [];
  let last = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [token, quoted, colon] = match;
    parts.push(text.slice(last, match.index));
    parts.push(html`<span class=${colon ? "json-key" : quoted ? "json-string" : /^[tfn]/.test(token) ? "json-boolean" : "json-number"}>${quoted ?? token}</span>${colon ?? ""}`);
    last = match.index + token.length;
  }
  return [...parts, text.slice(last)];
}
