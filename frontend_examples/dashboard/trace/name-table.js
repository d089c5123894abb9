// The spans of a trace by name: how often, how long in all, and how long each was busy itself.
import { html, useMemo, useState } from "../html.js";
import { hueOf } from "../format/hues.js";
import { cost, count, duration, percent, short } from "../format/numbers.js";
import { selfTimes } from "../waterfall/tree.js";

/** @type {[string, string, (value: number) => string][]} */
const COLUMNS = [
  ["self", "Self time", duration],
  ["total", "Total", duration],
  ["times", "Count", count],
  ["mean", "Mean", duration],
  ["longest", "Longest", duration],
  ["failed", "Failed", count],
  ["tokens", "Tokens", short],
  ["cost", "Cost", cost],
];

export function NameTable({ tree, selected, select, colourOf }) {
  const [order, setOrder] = useState("self");
  const rows = useMemo(() => byName(tree).sort((a, b) => b[order] - a[order]), [tree, order]);
  const columns = COLUMNS.filter(
    ([name]) => !["failed", "tokens", "cost"].includes(name) || rows.some((row) => row[name]),
  );
  const chosen = tree.byId.get(selected)?.span.name;
  return html`<section class="table-box names-table" aria-label="Spans by name" tabindex="0">
    <table class="figures">
      <thead><tr><th scope="col">Name</th>
        ${columns.map(
          ([
            name,
            label,
          ]) => html`<th scope="col" key=${name} class="is-number" aria-sort=${order === name ? "descending" : "none"}>
          <button type="button" class=${`sort ${order === name ? "is-descending" : ""}`}
            onClick=${() => setOrder(name)}>${label}</button></th>`,
        )}
      </tr></thead>
      <tbody>${rows.map(
        (row) => html`<tr key=${row.key} class=${row.name === chosen ? "is-chosen-row" : ""}>
        <th scope="row"><i class=${`wf-mark ${hueOf(colourOf(row.slowest.span))}`} />
          <button type="button" class="linklike" title="The longest of them"
            onClick=${() => select(row.slowest.span.spanId)}>${row.name.trim() || "(no name)"}</button>
          <small>${colourOf(row.slowest.span)}</small></th>
        ${columns.map(
          ([name, , format]) => html`<td key=${name} class="is-number">${format(row[name])}
          ${
            name === "self" &&
            html` <small>${percent(row.self / tree.total)}</small><span class="bar"><i
            style=${{ "--share": Math.min(1, row.self / tree.total) }} /></span>`
          }</td>`,
        )}
      </tr>`,
      )}</tbody>
    </table>
  </section>`;
}

export function byName(tree) {
  const self = selfTimes(tree);
  const rows = new Map();
  for (const node of tree.nodes) {
    const { name, type, serviceName, status, totalTokens, costUsd } = node.span;
    const key = JSON.stringify([name, type, serviceName]);
    const length = node.end - node.start;
    const row = rows.get(key) ?? {
      key,
      name,
      self: 0,
      total: 0,
      times: 0,
      failed: 0,
      tokens: 0,
      cost: 0,
      longest: 0,
      slowest: node,
    };
    row.self += Math.max(0, self[node.index]);
    row.total += length;
    row.times += 1;
    row.failed += Number(status === "ERROR");
    row.tokens += totalTokens ?? 0;
    row.cost += costUsd ?? 0;
    if (length > row.longest) Object.assign(row, { longest: length, slowest: node });
    row.mean = row.total / row.times;
    rows.set(key, row);
  }
  return [...rows.values()];
}
