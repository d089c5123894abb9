// An empty store: how the first span gets here, with this server's own address. The list follows meanwhile.
import { html, useState } from "../html.js";
import { CREATE_SPANS } from "../api/documents.js";
import { request } from "../api/request.js";
import { CopyButton } from "../parts/copy-button.js";
import { useRefusal } from "../api/use-refusal.js";
import { exampleSpans } from "./example-trace.js";

export function FirstRun({ noun }) {
  const base = new URL(".", document.baseURI).href.replace(/\/$/, "");
  const ways = waysTo(base);
  const [shown, setShown] = useState(ways[0].name);
  const way = ways.find(({ name }) => name === shown);
  return html`<section class="first-run" aria-label="Send the first span">
    <h2>No ${noun}s yet</h2>
    <p>Send one in any of these ways; it shows here as soon as it is stored.</p>
    <div class="first-run-ways" role="tablist" aria-label="Ways to send spans">
      ${ways.map(
        ({ name }) => html`<button type="button" role="tab" class="button" key=${name} aria-selected=${name === shown}
          aria-controls="first-run-text" onClick=${() => setShown(name)}>${name}</button>`,
      )}
    </div>
    <div class="first-run-text" id="first-run-text" role="tabpanel" aria-label=${shown}>
      <pre tabindex="0">${way.text}</pre>
      <${CopyButton} text=${way.text} label="Copy" />
    </div>
    <${ExampleButton} />
  </section>`;
}

function ExampleButton() {
  const [error, setError] = useState(null);
  const refusal = useRefusal("INGEST");
  const send = () => request(CREATE_SPANS, { spans: exampleSpans() }).catch(setError);
  if (refusal) return html`<p class="first-run-example">${refusal}</p>`;
  return html`<p class="first-run-example">
    <button type="button" class="button primary" onClick=${send}>Send an example trace</button>
    <span>or start the server with <code>--demo</code> for five hundred of them, in memory.</span>
    ${error && html`<span role="alert">${error.message}</span>`}
  </p>`;
}

const TIMES = 'startedAt: "2026-01-31T09:30:00Z", endedAt: "2026-01-31T09:30:01Z"';
const SPAN = `{traceId: "first", spanId: "1", name: "hello", ${TIMES}}`;

function waysTo(base) {
  const mutation = `mutation { createSpan(span: ${SPAN}) { createdCount } }`;
  const body = JSON.stringify({ query: mutation });
  return [
    { name: "curl", text: `curl ${base}/graphql -H 'content-type: application/json' -d '${body}'` },
    {
      name: "Python",
      text: [
        "import json, urllib.request",
        "",
        `query = ${JSON.stringify(mutation)}`,
        `request = urllib.request.Request("${base}/graphql", json.dumps({"query": query}).encode(),`,
        '                                 {"content-type": "application/json"})',
        "print(urllib.request.urlopen(request).read().decode())",
      ].join("\n"),
    },
    {
      name: "JavaScript",
      text: [
        `const query = ${JSON.stringify(mutation)};`,
        `const answer = await fetch("${base}/graphql", {`,
        '  method: "POST",',
        '  headers: { "content-type": "application/json" },',
        "  body: JSON.stringify({ query }),",
        "});",
        "console.log(await answer.json());",
      ].join("\n"),
    },
    {
      name: "OpenTelemetry",
      text: [
        "# any OpenTelemetry SDK or instrumentation reads these",
        `export OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=${base}/v1/traces`,
        "export OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf",
        "export OTEL_SERVICE_NAME=my-service",
      ].join("\n"),
    },
    {
      name: "Mastra",
      text: [
        'import { Mastra } from "@mastra/core";',
        'import { Observability } from "@mastra/observability";',
        'import { OtelExporter } from "@mastra/otel-exporter";',
        "",
        "export const mastra = new Mastra({",
        "  observability: new Observability({ configs: { spanwell: {",
        '    serviceName: "my-agents",',
        "    exporters: [",
        "      new OtelExporter({",
        `        provider: { custom: { endpoint: "${base}/v1/traces", protocol: "http/protobuf" } },`,
        "      }),",
        "    ],",
        "  } } }),",
        "});",
      ].join("\n"),
    },
  ];
}
