// The messages of a language model call, whoever recorded them: Mastra, OpenInference, OpenTelemetry or a provider.

/**
 * @typedef {{kind: "text" | "call" | "result" | "other", text?: string, name?: string, value?: any}} Part
 * @typedef {{role: string, parts: Part[]}} Message
 */

/** @returns {Message[] | null} null if the value holds no messages */
export function inputMessages(value) {
  const list = Array.isArray(value) ? value : value?.messages;
  return Array.isArray(list) && list.length && list.every(isMessage) ? list.map(message) : null;
}

/** @returns {Message[] | null} */
export function outputMessages(value) {
  if (typeof value !== "object" || value === null) return null;
  if (isMessage(value)) return [message(value)];
  if (Array.isArray(value.choices)) return inputMessages(value.choices.map((choice) => choice?.message));
  const listed = inputMessages(value);
  if (listed) return listed;
  const calls = value.toolCalls ?? value.tool_calls;
  const hasText = typeof value.text === "string";
  if (!hasText && !Array.isArray(calls)) return null;
  return [message({ role: "assistant", content: hasText ? value.text : "", tool_calls: calls })];
}

const isMessage = (value) =>
  typeof value?.role === "string" && ("content" in value || "parts" in value || "tool_calls" in value || "text" in value);

function message({ role, content, parts, text, tool_calls: calls, toolCalls, name }) {
  const contents = [content ?? parts ?? text ?? []].flat().map((one) => part(one, role, name));
  const called = (calls ?? toolCalls ?? []).map(call);
  return { role, parts: [...contents.filter(({ kind, text: words }) => kind !== "text" || words), ...called] };
}

function part(one, role, name) {
  if (role === "tool" && typeof one !== "object") return { kind: "result", name, value: parsed(one) };
  if (typeof one === "string") return { kind: "text", text: one };
  const { type, text, content } = one ?? {};
  if (type === "text" || (type === undefined && typeof text === "string")) return { kind: "text", text: text ?? content };
  if (/tool.?(call|use)$/i.test(type ?? "")) return call(one);
  if (/tool.?(result|call.?response|response)$/i.test(type ?? "")) return { kind: "result", name: one.toolName ?? one.name, value: one.result ?? one.output ?? one.response ?? content };
  return { kind: "other", value: one };
}

function call(one) {
  const asked = one?.function ?? one?.tool_call?.function ?? one ?? {};
  return { kind: "call", name: asked.name ?? asked.toolName ?? "tool", value: parsed(asked.arguments ?? asked.args ?? asked.input) };
}

function parsed(value) {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
