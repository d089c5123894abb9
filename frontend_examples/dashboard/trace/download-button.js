// The whole trace as a file: JSON lines, one span a line, as `spanwell import` takes them.
import { html, useState } from "../html.js";
import { TRACE_SPANS } from "../api/documents.js";
import { request } from "../api/request.js";
import { Icon } from "../parts/icons.js";
import { saveFile } from "../parts/save-file.js";

export function DownloadButton({ trace }) {
  const [note, setNote] = useState("Download spans");
  const start = async () => {
    setNote("Downloading…");
    try {
      const spans = await allSpans(trace.traceId);
      saveFile(
        `trace-${trace.traceId}.jsonl`,
        spans.map((span) => `${JSON.stringify(stated(span))}\n`).join(""),
        "application/x-ndjson",
      );
      setNote(`${spans.length} spans`);
    } catch (error) {
      setNote(error.message);
    }
  };
  return html`<button type="button" class="button quiet" onClick=${start}><${Icon} name="download" /><span
    aria-live="polite">${note}</span></button>`;
}

async function allSpans(traceId) {
  const spans = [];
  let after = null;
  do {
    const { trace } = await request(TRACE_SPANS, { traceId, after });
    spans.push(...(trace?.spans.nodes ?? []));
    after = trace?.spans.pageInfo.hasNextPage ? trace.spans.pageInfo.endCursor : null;
  } while (after);
  return spans;
}

const DERIVED = new Set(
  (
    "status durationMs createdAt updatedAt model provider inputTokens outputTokens totalTokens cachedInputTokens " +
    "reasoningTokens costUsd"
  ).split(" "),
);

/** What was stated about a span; the server derives the rest again. */
const stated = (span) =>
  Object.fromEntries(Object.entries(span).filter(([name, value]) => value !== null && !DERIVED.has(name)));
