// Sends spans with OpenTelemetry's JavaScript SDK: `node js_sdk.mjs FOLDER URL COUNT BATCH json|proto`, where FOLDER
// holds the node_modules with the SDK. Prints the keys of what it sent.
import { createRequire } from "node:module";

const [folder, url, count, size, format] = process.argv.slice(2);
const require = createRequire(`${folder}/`);
const { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } = require("@opentelemetry/sdk-trace-base");
const { resourceFromAttributes } = require("@opentelemetry/resources");
const { OTLPTraceExporter } = require(
  format === "json" ? "@opentelemetry/exporter-trace-otlp-http" : "@opentelemetry/exporter-trace-otlp-proto",
);
const { context, trace } = require("@opentelemetry/api");

// Spans as an application makes them: a request with nine steps, again and again.
const collected = new InMemorySpanExporter();
const provider = new BasicTracerProvider({
  resource: resourceFromAttributes({ "service.name": "js-sdk" }),
  spanProcessors: [new SimpleSpanProcessor(collected)],
});
const tracer = provider.getTracer("exporters", "1");
for (let number = 0; number < Number(count) / 10; number++) {
  const root = tracer.startSpan(`request ${number}`);
  const inside = trace.setSpan(context.active(), root);
  for (let step = 0; step < 9; step++) {
    tracer.startSpan(`step ${step}`, { attributes: { number, text: "x".repeat(200) } }, inside).end();
  }
  root.end();
}
await provider.forceFlush();
const spans = collected.getFinishedSpans();

// What the exporter gives up after its own retries is exported again, as often as it takes.
const exporter = new OTLPTraceExporter({ url, timeoutMillis: 5000 });
const once = (batch) => new Promise((done) => exporter.export(batch, (result) => done(result.code === 0)));
let again = 0;
const began = performance.now();
for (let start = 0; start < spans.length; start += Number(size)) {
  while (!(await once(spans.slice(start, start + Number(size))))) again++;
}
const seconds = ((performance.now() - began) / 1000).toFixed(2);
console.log(spans.map((span) => `${span.spanContext().traceId}-${span.spanContext().spanId}`).join("\n"));
console.error(`${seconds} s of exporting; the exporter gave up ${again} times`);
