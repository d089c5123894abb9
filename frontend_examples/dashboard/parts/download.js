// Records as a file, as the server's `/export` writes them: one state of the store, however many there are.
import { ApiError } from "../api/request.js";

const ENDINGS = { jsonl: "jsonl", csv: "csv", otlp: "otlp.jsonl", parquet: "parquet" };

/**
 * @typedef {keyof typeof ENDINGS} Format
 * @param {{records: "spans" | "traces", format: Format, filter?: object, orderBy?: object[] | null}} question
 * @param {string} name of the file, without its ending
 */
export async function download({ orderBy, ...question }, name) {
  const answer = await fetch("export", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...question, ...(orderBy && { orderBy }) }),
  }).catch(() => {
    throw new ApiError("The server cannot be reached.", "UNREACHABLE");
  });
  if (!answer.ok) throw await failureOf(answer);
  saveFile(`${name}.${ENDINGS[question.format]}`, await answer.blob());
}

async function failureOf(answer) {
  const content = await answer.json().catch(() => null);
  const [first] = content?.errors ?? [];
  return new ApiError(first?.message ?? `The server answered ${answer.status}.`, first?.extensions?.code);
}

function saveFile(name, content) {
  const url = URL.createObjectURL(content);
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
