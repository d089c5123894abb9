// An agent of Mastra, whose spans its exporter sends over OTLP.

import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { Mastra } from "@mastra/core";
import { Agent } from "@mastra/core/agent";
import { createTool } from "@mastra/core/tools";
import { Observability } from "@mastra/observability";
import { OtelExporter } from "@mastra/otel-exporter";
import { z } from "zod";

for (const event of ["unhandledRejection", "uncaughtException"]) {
  process.on(event, (error) => console.log("failed besides:", error.message));
}

const models = createOpenAICompatible({ name: "openai", baseURL: process.env.OPENAI_BASE_URL, apiKey: "x" });
const getWeather = createTool({
  id: "get_weather",
  description: "Return the weather of a city.",
  inputSchema: z.object({ city: z.string() }),
  execute: async () => "sunny in Oslo",
});
const clerk = (name) =>
  new Agent({
    id: name,
    name,
    instructions: "Be kind.",
    model: models(name),
    tools: { get_weather: getWeather },
    maxRetries: 0,
  });

const exporter = new OtelExporter({
  provider: { custom: { endpoint: process.env.SPANWELL_TRACES, protocol: "http/protobuf" } },
});
const mastra = new Mastra({
  agents: { "gpt-4o-mini": clerk("gpt-4o-mini"), "broken-model": clerk("broken-model") },
  observability: new Observability({
    configs: { otel: { serviceName: process.env.FRAMEWORK, exporters: [exporter] } },
  }),
  logger: false,
});

for (const name of ["gpt-4o-mini", "broken-model"]) {
  try {
    const { text } = await mastra.getAgent(name).generate("What is the weather in Oslo?", {
      tracingOptions: { metadata: { sessionId: "s-1", userId: "u-1" }, tags: ["vip"] },
    });
    console.log(text);
  } catch (error) {
    console.log("failed as it should:", error.name);
  }
}
await exporter.flush?.();
await exporter.shutdown();
