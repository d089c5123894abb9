// What the first spans of a path took in and gave back in two traces, line by line.
import { html, useMemo } from "../html.js";
import { SPAN_TEXTS } from "../api/statistics-documents.js";
import { Failure, Waiting } from "../parts/notices.js";
import { printed } from "../span/json-text.js";
import { useQuery } from "../state/use-query.js";
import { comparedLines, withoutCommon } from "./text-lines.js";

const TEXTS = { input: "Input", output: "Output", statusMessage: "Status message", errorInfo: "Error" };

export function SpanTexts({ diff, row }) {
  const [baseSpan, otherSpan] = [row.base.firstSpan?.spanId, row.other.firstSpan?.spanId];
  const { data, error, reload } = useQuery(SPAN_TEXTS, {
    base: diff.base.traceId,
    baseSpan: baseSpan ?? "",
    hasBase: baseSpan !== undefined,
    other: diff.other.traceId,
    otherSpan: otherSpan ?? "",
    hasOther: otherSpan !== undefined,
  });
  if (error) return html`<${Failure} error=${error} retry=${reload} />`;
  if (!data) return html`<${Waiting} rows=${2} label="Loading the texts…" />`;
  const names = Object.keys(TEXTS).filter((name) => (data.base?.[name] ?? data.other?.[name] ?? null) !== null);
  if (!names.length) return html`<p class="compare-hint">Neither says what went in or came out.</p>`;
  return names.map(
    (name) => html`<${TextDifference} key=${name} title=${TEXTS[name]} base=${data.base?.[name] ?? null}
      other=${data.other?.[name] ?? null} />`,
  );
}

const linesOf = (value) => (value === null ? [] : (typeof value === "string" ? value : printed(value)).split("\n"));

function TextDifference({ title, base, other }) {
  const lines = useMemo(() => comparedLines(linesOf(base), linesOf(other)), [base, other]);
  const isSame = lines.every((line) => line.base && line.other);
  return html`<section class="text-difference"><h3>${title}${isSame && html` <small>the same</small>`}</h3>
    <pre tabindex="0" aria-label=${`${title} of both`}>${
      isSame ? html`<span class="line-both">${beginOf(lines)}</span>` : withoutCommon(lines).map(lineOf)
    }</pre></section>`;
}

const beginOf = (lines) =>
  lines
    .slice(0, 12)
    .map(({ text }) => `${text}\n`)
    .join("") + (lines.length > 12 ? "…" : "");

function lineOf(line, index) {
  if (!line) return html`<span class="line-gap" key=${index}>⋯${"\n"}</span>`;
  const { text, base, other } = line;
  if (base && other) return html`<span class="line-both" key=${index}>${`  ${text}\n`}</span>`;
  return base ? html`<del key=${index}>${`− ${text}\n`}</del>` : html`<ins key=${index}>${`+ ${text}\n`}</ins>`;
}
