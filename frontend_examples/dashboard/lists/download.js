// A list as a file: JSON lines or CSV of what the rows show, page by page.
import { request } from "../api/request.js";
import { saveFile } from "../parts/save-file.js";

const PAGE = 1000;
const MOST = 20_000;

/** @param {"jsonl" | "csv"} format @returns {Promise<{rows: number, isWhole: boolean}>} */
export async function downloadList(subject, query, variables, format) {
  const nodes = [];
  let info = { hasNextPage: true, endCursor: null };
  while (info.hasNextPage && nodes.length < MOST) {
    const data = await request(query, { ...variables, first: PAGE, after: info.endCursor });
    nodes.push(...data[subject].nodes);
    info = data[subject].pageInfo;
  }
  const text = format === "csv" ? asCsv(nodes) : nodes.map((node) => `${JSON.stringify(node)}\n`).join("");
  saveFile(`${subject}.${format}`, text, format === "csv" ? "text/csv" : "application/x-ndjson");
  return { rows: nodes.length, isWhole: !info.hasNextPage };
}

/** @param {any[]} nodes objects with the same keys */
export function asCsv(nodes) {
  if (!nodes.length) return "";
  const names = Object.keys(nodes[0]);
  return [names, ...nodes.map((node) => names.map((name) => node[name]))]
    .map((cells) => `${cells.map(csvCell).join(",")}\r\n`)
    .join("");
}

/** A spreadsheet would run a cell that begins with these as a formula. */
function csvCell(value) {
  if (value === null || value === undefined) return "";
  const text = Array.isArray(value) ? value.join(" ") : String(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
