// The spans of two traces, path by path: their times as two bars, tokens and cost, and on demand their texts.
import { html, useMemo, useState } from "../html.js";
import { cost, count, duration, plural, short, signed } from "../format/numbers.js";
import { linkTo } from "../state/address.js";
import { SpanTexts } from "./span-texts.js";

const MOST = 500;

export function PathTable({ diff }) {
  const [isWhole, setWhole] = useState(false);
  const [onlyChanged, setOnlyChanged] = useState(false);
  const [opened, setOpened] = useState(null);
  const paths = useMemo(() => shownPaths(diff.paths, onlyChanged), [diff, onlyChanged]);
  const longest = Math.max(...diff.paths.flatMap(({ base, other }) => [base.durationMs, other.durationMs])) || 1;
  const has = (name) => diff.paths.some(({ base, other }) => base[name] !== null || other[name] !== null);
  const columns = COLUMNS.filter(({ name }) => has(name));
  const rows = isWhole ? paths : paths.slice(0, MOST);
  const width = 4 + columns.length;
  return html`<div class="list-head"><p class="total"><strong>${count(diff.paths.length)}</strong> kinds of spans</p>
      <label class="check"><input type="checkbox" checked=${onlyChanged}
        onChange=${(event) => setOnlyChanged(event.currentTarget.checked)} /> Differences only</label></div>
    <div class="table-box" tabindex="0" role="region" aria-label="Both traces"><table class="figures aligned"
      aria-label="Differences of two traces">
      <thead><tr><th scope="col">Span</th>
        <th scope="col"><span class="unseen">Bars of their times</span></th>
        <th scope="col" class="is-number">First</th><th scope="col" class="is-number">Second</th>
        <th scope="col" class="is-number">Time</th>
        ${columns.map(({ label }) => html`<th scope="col" class="is-number" key=${label}>${label}</th>`)}
      </tr></thead>
      <tbody>${rows.map((row) => {
        const key = row.path.join("\n");
        return html`<${PathRow} key=${key} row=${row} diff=${diff} longest=${longest} columns=${columns} width=${width}
          isOpen=${opened === key} toggle=${() => setOpened(opened === key ? null : key)} />`;
      })}</tbody>
    </table></div>
    ${
      rows.length < paths.length &&
      html`<p class="list-more"><button type="button" class="button" onClick=${() => setWhole(true)}>Show all
        ${plural(paths.length, "row")}</button></p>`
    }`;
}

const COLUMNS = [
  { name: "totalTokens", label: "Tokens", format: short },
  { name: "costUsd", label: "Cost", format: cost },
];

/** What takes another time by a tenth, is there in one alone, or differs in what failed; with what stands above it. */
export function shownPaths(paths, onlyChanged) {
  if (!onlyChanged) return paths;
  const kept = new Set();
  for (const row of paths.filter(isChanged)) row.path.forEach((_, end) => kept.add(keyOf(row.path.slice(0, end + 1))));
  return paths.filter(({ path }) => kept.has(keyOf(path)));
}

const keyOf = (path) => JSON.stringify(path);

const isChanged = ({ change, base, other, durationChangeMs }) =>
  change !== "SAME" ||
  Math.abs(durationChangeMs) > 0.1 * Math.max(base.durationMs, other.durationMs) ||
  base.totalTokens !== other.totalTokens ||
  base.costUsd !== other.costUsd;

function PathRow({ row, diff, longest, columns, width, isOpen, toggle }) {
  const { base, other, change, durationChangeMs } = row;
  const name = row.name.trim() || "(no name)";
  return html`<tr class=${change === "ADDED" || change === "REMOVED" ? "is-only" : ""}>
      <th scope="row" style=${{ "--depth": Math.min(row.depth, 12) }}>
        <button type="button" class="aligned-name" aria-expanded=${isOpen} onClick=${toggle}
          title="What went in and came out"><span class=${`caret ${isOpen ? "is-open" : ""}`} />${name}
        </button>
      </th>
      <td class="pair"><i class="pair-base" style=${{ "--share": base.durationMs / longest }} /><i class="pair-other"
        style=${{ "--share": other.durationMs / longest }} /></td>
      ${[
        [diff.base, base],
        [diff.other, other],
      ].map(
        ([trace, side], index) => html`<td class="is-number" key=${index}><${Side} trace=${trace} side=${side} /></td>`,
      )}
      <td class=${`is-number ${durationChangeMs > 0 ? "is-more" : ""}`}>${signed(durationChangeMs, duration)}</td>
      ${columns.map(
        ({ name, format }) =>
          html`<td class="is-number" key=${name}>${
            base[name] === null && other[name] === null ? "" : signed((other[name] ?? 0) - (base[name] ?? 0), format)
          }</td>`,
      )}
    </tr>
    ${
      isOpen &&
      html`<tr class="aligned-texts"><td colspan=${width + 1}>
        <${SpanTexts} diff=${diff} row=${row} /></td></tr>`
    }`;
}

function Side({ trace, side }) {
  if (!side.count) return html`<span aria-label="not there">–</span>`;
  const link = linkTo(["trace", trace.traceId], { span: side.firstSpan?.spanId });
  return html`<a href=${link}>${duration(side.durationMs)}</a>${
    side.count > 1 && html` <small>${count(side.count)}×</small>`
  }${side.errorCount > 0 && html` <span class="errors">${count(side.errorCount)} failed</span>`}`;
}
