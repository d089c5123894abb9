// The Vercel AI SDK with its own telemetry.

import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { generateText, stepCountIs, tool } from "ai";
import { z } from "zod";

const provider = new NodeTracerProvider({
  resource: resourceFromAttributes({ "service.name": process.env.FRAMEWORK }),
  spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter({ url: process.env.SPANWELL_TRACES }))],
});
provider.register();

const models = createOpenAICompatible({ name: "openai", baseURL: process.env.OPENAI_BASE_URL, apiKey: "x" });
const get_weather = tool({
  description: "Return the weather of a city.",
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => `sunny in ${city}`,
});

for (const model of ["gpt-4o-mini", "broken-model"]) {
  try {
    const { text } = await generateText({
      model: models(model),
      prompt: "What is the weather in Oslo?",
      tools: { get_weather },
      stopWhen: stepCountIs(3),
      maxRetries: 0,
      experimental_telemetry: { isEnabled: true, metadata: { sessionId: "s-1", userId: "u-1" } },
    });
    console.log(text);
  } catch (error) {
    console.log("failed as it should:", error.name);
  }
}
await provider.shutdown();
