// A small trace of an agent, as one would send it: three spans of the last two seconds.

export function exampleSpans(now = Date.now()) {
  const at = (ms) => new Date(now - 2000 + ms).toISOString();
  const traceId = hex(16);
  const [agent, model, tool] = [hex(8), hex(8), hex(8)];
  const shared = { traceId, serviceName: "example-agent", sessionId: "example", userId: "you" };
  const question = "What does a span hold?";
  const answer = "A name, a time, an outcome, and **whatever** your instrumentation adds.";
  return [
    {
      ...shared,
      spanId: agent,
      name: "agent run: 'helper'",
      type: "agent_run",
      startedAt: at(0),
      endedAt: at(1900),
      input: { messages: [{ role: "user", content: question }] },
      output: { text: answer },
    },
    {
      ...shared,
      spanId: tool,
      parentSpanId: agent,
      name: "tool: 'read docs'",
      type: "tool_call",
      startedAt: at(80),
      endedAt: at(420),
      input: { page: "docs/spans.md" },
      output: { characters: 5120 },
    },
    {
      ...shared,
      spanId: model,
      parentSpanId: agent,
      name: "llm: 'example-model'",
      type: "model_generation",
      startedAt: at(450),
      endedAt: at(1850),
      input: { messages: [{ role: "user", content: question }] },
      output: { text: answer },
      attributes: {
        "gen_ai.request.model": "example-model",
        "gen_ai.usage.input_tokens": 412,
        "gen_ai.usage.output_tokens": 27,
      },
    },
  ];
}

const hex = (bytes) =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");
