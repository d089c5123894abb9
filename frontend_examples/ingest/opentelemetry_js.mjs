// Send spans with OpenTelemetry's JavaScript SDK, as any instrumented application does.
//
//     npm install @opentelemetry/api @opentelemetry/sdk-trace-base @opentelemetry/resources \
//       @opentelemetry/exporter-trace-otlp-proto
//     node opentelemetry_js.mjs [http://127.0.0.1:8000/v1/traces]
//
// Expect the id of a trace and `everything is stored`. An application that is instrumented already needs no code at all:
// OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://127.0.0.1:8000/v1/traces in its environment is enough. In the playground,
// `{ trace(traceId: "...") { name status spanCount services } }` says `GET /cart`, `SUCCESS`, 2 and `shop-frontend`.
import { context, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";

const url = process.argv[2] ?? "http://127.0.0.1:8000/v1/traces";
const provider = new BasicTracerProvider({
  resource: resourceFromAttributes({ "service.name": "shop-frontend" }),
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
});
const tracer = provider.getTracer("examples", "1.0");

const root = tracer.startSpan("GET /cart", { attributes: { "session.id": "s-1" } });
const inside = trace.setSpan(context.active(), root);
tracer.startSpan("render", { attributes: { "cart.items": 3 } }, inside).end();
root.end();

await provider.forceFlush();
await provider.shutdown();
console.log(`trace ${root.spanContext().traceId}`);
console.log("everything is stored");
