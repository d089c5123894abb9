// The messages of a language model call, whoever recorded them: providers' own shapes, frameworks, OpenTelemetry.
import { partsOf, callPart } from "./parts.js";

/** @typedef {import("./parts.js").Part} Part */
/** @typedef {{role: string, parts: Part[]}} Message */

const ROLES = { human: "user", ai: "assistant", model: "assistant", function: "tool", developer: "system" };

/** @returns {Message[] | null} null if the value holds no messages */
export function inputMessages(value) {
  const list = listOf(value);
  if (!list?.length) return null;
  const messages = list.map(messageOf);
  if (messages.includes(null)) return null;
  return [...systemOf(value), ...messages];
}

/**
 * Where messages stand: OpenAI and Anthropic `messages`, Gemini `contents`, OpenAI Responses `input`, batches of
 * LangChain.
 */
function listOf(value) {
  if (Array.isArray(value)) return value.length === 1 && Array.isArray(value[0]) ? value[0] : value;
  if (value === null || typeof value !== "object") return null;
  const inner = value.messages ?? value.contents ?? value.chat_history ?? value.prompt ?? value.input;
  if (typeof inner === "string" && (value.instructions || (value.input === inner && value.model)))
    return [{ role: "user", content: inner }];
  return Array.isArray(inner) || (inner && typeof inner === "object" && "messages" in inner) ? listOf(inner) : null;
}

/**
 * Instructions beside the messages: Anthropic `system`, Gemini `systemInstruction`, OpenAI Responses
 * `instructions`.
 */
function systemOf(value) {
  const system = value?.system ?? value?.systemInstruction ?? value?.system_instruction ?? value?.instructions;
  if (!system || Array.isArray(value)) return [];
  return [{ role: "system", parts: partsOf(system.parts ?? system, "system") }];
}

/** @returns {Message[] | null} */
export function outputMessages(value) {
  if (typeof value !== "object" || value === null) return null;
  const listed = inputMessages(choicesOf(value) ?? value) ?? generations(value);
  if (listed) return listed;
  const single = messageOf(value) ?? (value.message && messageOf(value.message)) ?? withoutRole(value);
  if (single) return [single];
  const calls = value.toolCalls ?? value.tool_calls;
  const text = value.text ?? value.response ?? value.answer ?? value.output_text ?? value.completion;
  const thinking = value.reasoning ?? value.reasoningText ?? value.thinking;
  if (typeof text !== "string" && !Array.isArray(calls)) return null;
  const parts = [
    ...(typeof thinking === "string" && thinking ? [{ kind: /** @type {const} */ ("thinking"), text: thinking }] : []),
    ...partsOf(text ?? "", "assistant"),
    ...(Array.isArray(calls) ? calls.map(callPart) : []),
    ...(Array.isArray(value.files)
      ? value.files.flatMap((file) => partsOf([{ type: "file", ...file }], "assistant"))
      : []),
  ];
  return [{ role: "assistant", parts }];
}

/** What a model answered, whose recorder did not say that it was the assistant. */
function withoutRole(value) {
  const isMessage = Array.isArray(value.content) && value.content.every((part) => typeof part?.type === "string");
  return isMessage ? messageOf({ ...value, role: "assistant" }) : null;
}

/** OpenAI `choices`, Gemini `candidates`, OpenAI Responses `output`. */
function choicesOf(value) {
  const choices = value.choices ?? value.candidates;
  if (Array.isArray(choices)) return choices.map((choice) => choice?.message ?? choice?.content ?? choice);
  return Array.isArray(value.output) ? value.output : null;
}

/** LangChain: `generations: [[{text, message}]]`. */
function generations(value) {
  const list = Array.isArray(value.generations) ? value.generations.flat() : null;
  if (!list?.length) return null;
  return list.map(
    (one) =>
      (one?.message && messageOf(one.message)) ?? { role: "assistant", parts: partsOf(one?.text ?? "", "assistant") },
  );
}

/** One message, or null if it is none. */
function messageOf(value) {
  if (value === null || typeof value !== "object") return null;
  const item = responseItem(value) ?? unwrapped(value);
  const role = item.role ?? item.author?.role ?? langChainRole(item);
  const hasContent = ["content", "parts", "text", "blocks", "tool_calls", "toolCalls", "function_call"].some(
    (name) => name in item,
  );
  if (typeof role !== "string" || !hasContent) return null;
  return { role: ROLES[role.toLowerCase()] ?? role, parts: contentOf(item, role) };
}

function contentOf(item, role) {
  // Mastra keeps its parts within the content.
  const content = item.content?.parts ?? item.content ?? item.parts ?? item.blocks ?? item.text ?? [];
  const calls = item.tool_calls ?? item.toolCalls ?? item.additional_kwargs?.tool_calls ?? [];
  const thinking = item.reasoning_content ?? item.reasoning ?? item.additional_kwargs?.reasoning_content;
  return [
    ...(typeof thinking === "string" && thinking ? [{ kind: /** @type {const} */ ("thinking"), text: thinking }] : []),
    ...partsOf(content, ROLES[role.toLowerCase()] ?? role, item.name ?? item.tool_name),
    ...(Array.isArray(calls) ? calls.map(callPart) : []),
    ...(item.function_call && role !== "function" ? [callPart(item.function_call)] : []),
  ];
}

/** LlamaIndex and OpenInference wrap a message; LangChain writes its constructor. */
function unwrapped(value) {
  if (value.message && typeof value.message === "object" && !("role" in value)) return value.message;
  if (value.lc && value.kwargs) return { ...value.kwargs, type: value.kwargs.type ?? value.id?.at(-1) };
  return value.data && typeof value.type === "string" && "content" in value.data
    ? { type: value.type, ...value.data }
    : value;
}

function langChainRole({ type }) {
  return /^(human|ai|system|tool|function)(?:Message)?(?:Chunk)?$/i.exec(type ?? "")?.[1]?.toLowerCase();
}

/** The items of OpenAI's Responses that are no messages: calls, their results, reasoning. */
function responseItem(value) {
  if (value.type === "function_call_output")
    return { role: "tool", content: [{ type: "tool_result", result: value.output }] };
  if (value.type === "reasoning")
    return { role: "assistant", content: (value.summary ?? []).map(({ text }) => ({ type: "reasoning", text })) };
  if (typeof value.type === "string" && /_call$/.test(value.type) && !value.role)
    return { role: "assistant", content: [], tool_calls: [value] };
  return null;
}
