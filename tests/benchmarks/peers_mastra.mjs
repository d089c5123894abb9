// One of Mastra's stores in a process of its own: a request in JSON on each line, and on each line an answer.
//
// `node peers_mastra.mjs duckdb|libsql FOLDER FILE`: FOLDER has the packages in its node_modules, FILE will be the store.
// An answer says how many milliseconds the call took within this process, and how much it found.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [kind, folder, file] = process.argv.slice(2);
const require = createRequire(`${folder}/`);

const makers = {
  duckdb: () => new (require("@mastra/duckdb").DuckDBStore)({ id: "benchmark", path: file }),
  libsql: () => new (require("@mastra/libsql").LibSQLStore)({ id: "benchmark", url: `file:${file}` }),
};

function recordOf({ type, errorInfo, parentSpanId, startedAt, endedAt, ...rest }) {
  return {
    ...rest,
    spanType: type,
    parentSpanId: parentSpanId ?? null,
    isEvent: false,
    error: errorInfo ?? null,
    startedAt: new Date(startedAt),
    endedAt: new Date(endedAt),
  };
}

async function timed(call, count) {
  const began = performance.now();
  const found = await call();
  return { ms: performance.now() - began, found: count(found) };
}

const store = makers[kind]();
await store.init();
const spans = await store.getStore("observability");

const answers = {
  create: (given) => {
    const records = given.map(recordOf);
    return timed(() => spans.batchCreateSpans({ records }), () => records.length);
  },
  trace: (traceId) => timed(() => spans.getTraceLight({ traceId }), (trace) => trace?.spans.length ?? 0),
  newest: (perPage) =>
    timed(() => spans.listTraces({ pagination: { page: 0, perPage } }), (page) => page.spans.length),
};

console.log(JSON.stringify({ ready: true }));
for await (const line of createInterface({ input: process.stdin })) {
  const { ask, of } = JSON.parse(line);
  console.log(JSON.stringify(await answers[ask](of)));
}
await store.close();
