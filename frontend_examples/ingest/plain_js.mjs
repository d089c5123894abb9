// Send a span from JavaScript with nothing but `fetch`, in Node 18 or newer or in a browser.
//
//     node plain_js.mjs [http://127.0.0.1:8000/graphql]
//
// Expect `created 1, changed 0`. A page of another origin needs `spanwell serve --cors-origins ITS_ORIGIN`. The span is
// sent when it begins and again when it ends: it is one span, which the playground shows as RUNNING in between.
const url = globalThis.process?.argv[2] ?? "http://127.0.0.1:8000/graphql";
const query = `mutation Send($span: CreateSpanInput!) { createSpan(span: $span) { createdCount updatedCount } }`;

async function send(span) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables: { span } }),
  });
  const { data, errors } = await answer.json();
  if (errors) throw new Error(errors[0].message);
  return data.createSpan;
}

const hex = (bytes) => Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (b) => b.toString(16).padStart(2, "0")).join("");
const begun = { traceId: hex(16), spanId: hex(8), name: "load the page", serviceName: "plain-js", startedAt: new Date().toISOString() };

const first = await send(begun);
const second = await send({ ...begun, endedAt: new Date().toISOString() });
console.log(`created ${first.createdCount}, changed ${first.updatedCount}`);
console.log(`created ${second.createdCount}, changed ${second.updatedCount}`);
console.log(`trace ${begun.traceId}`);
