// The parts of a message: text, thinking, calls of tools and their results, images, audio, files.

/**
 * @typedef {{kind: "text" | "thinking" | "call" | "result" | "image" | "audio" | "file" | "other", text?: string,
 *   name?: string, value?: any, url?: string, mime?: string}} Part url: a data URL, or an address that is not
 *   fetched by itself
 */

/**
 * @param {any} content text, a part, or a list of them
 * @param {string} role @param {string} [name] @returns {Part[]}
 */
export function partsOf(content, role, name) {
  if (content === null || content === undefined) return [];
  if (role === "tool" && typeof content !== "object") return [{ kind: "result", name, value: parsed(content) }];
  const list = Array.isArray(content) ? content : [content];
  return list
    .flatMap((one) => answered(one) ?? partOf(one, role, name))
    .filter(({ kind, text }) => kind !== "text" || text);
}

/** A call of a tool, as OpenAI, Anthropic, Vercel, Mastra, Gemini and OpenInference write it. @returns {Part} */
export function callPart(one) {
  const call = one?.function ?? one?.tool_call?.function ?? one?.functionCall ?? one?.payload ?? one ?? {};
  const value = call.arguments ?? call.args ?? call.input ?? call.action;
  return {
    kind: "call",
    name: call.name ?? call.toolName ?? call.tool_name ?? one?.type ?? "tool",
    value: parsed(value),
  };
}

/** Vercel's interface messages and Mastra hold the result of a tool beside its call. @returns {Part[] | null} */
function answered(one) {
  const call = one?.toolInvocation ?? one;
  if (call === one && !/^tool-(?!(call|use|result|response)$)|^dynamic-tool$/.test(one?.type ?? "")) return null;
  const name = call.toolName ?? one.type.slice(5);
  const result = call.result ?? call.output ?? call.errorText;
  const answer = { kind: /** @type {const} */ ("result"), name, value: plainResult(result) };
  return [callPart({ ...call, name }), ...(result === undefined ? [] : [answer])];
}

/** @returns {any} a `Part` */
function partOf(one, role, name) {
  if (typeof one === "string") return { kind: "text", text: one };
  if (one === null || typeof one !== "object") return { kind: "other", value: one };
  const inner = one.message_content ?? one;
  const type = String(inner.type ?? inner.block_type ?? inner.kind ?? "").toLowerCase();
  return (
    toolPart(inner, type, name) ?? mediaPart(inner, type) ?? textPart(inner, type) ?? { kind: "other", value: one }
  );
}

function toolPart(one, type, name) {
  if (one.functionCall || /tool.?(call|use)$|^function_call$/.test(type)) return callPart(one);
  const response = one.functionResponse;
  if (response) return { kind: "result", name: response.name, value: response.response };
  if (!/tool.?(result|call.?response|response)$/.test(type)) return null;
  const value = one.result ?? one.output ?? one.response ?? one.content;
  return { kind: "result", name: one.toolName ?? one.tool_name ?? one.name ?? name, value: plainResult(value) };
}

/** A result that is a list of texts is their text. */
function plainResult(value) {
  const isTexts = Array.isArray(value) && value.length > 0 && value.every((part) => typeof part?.text === "string");
  return parsed(
    isTexts
      ? value.map(({ text }) => text).join("\n")
      : value?.type === "json" || value?.type === "text"
        ? value.value
        : value,
  );
}

function textPart(one, type) {
  const { text } = one;
  if (/thinking|reasoning/.test(type))
    return { kind: "thinking", text: one.thinking ?? text ?? one.reasoning ?? one.content ?? "(kept by the provider)" };
  if (one.thought === true) return { kind: "thinking", text: text ?? "" };
  if (/^(text|input_text|output_text|refusal|)$/.test(type) && typeof (text ?? one.refusal) === "string")
    return { kind: "text", text: text ?? one.refusal };
  return type === "text" && typeof one.content === "string" ? { kind: "text", text: one.content } : null;
}

function mediaPart(one, type) {
  const media =
    one.inlineData ?? one.inline_data ?? one.fileData ?? one.file_data ?? one.source ?? one.input_audio ?? one;
  const image = one.image_url ?? one.image;
  const url =
    typeof image === "string" ? image : (image?.url ?? media.url ?? media.fileUri ?? media.file_uri ?? media.uri);
  const data = media.data ?? media.base64 ?? media.content ?? one.file?.file_data;
  const mime = String(
    media.mimeType ?? media.mime_type ?? media.media_type ?? media.mediaType ?? mimeOf(type, media.format) ?? "",
  );
  const kind = kindOf(type, mime);
  if (!kind || (typeof (url ?? data) !== "string" && type === "")) return null;
  const address = typeof url === "string" ? url : typeof data === "string" ? dataUrl(data, mime) : undefined;
  return {
    kind,
    mime,
    name: one.filename ?? one.name ?? one.file?.filename ?? one.title,
    ...(address && { url: address }),
    value: one,
  };
}

function kindOf(type, mime) {
  if (/image/.test(type) || mime.startsWith("image/")) return "image";
  if (/audio/.test(type) || mime.startsWith("audio/")) return "audio";
  return /file|document|video|blob|uri/.test(type) || mime ? "file" : null;
}

const mimeOf = (type, format) =>
  /image/.test(type) ? "image/png" : /audio/.test(type) ? `audio/${format ?? "wav"}` : null;

const dataUrl = (data, mime) =>
  /^(data:|https?:)/.test(data) ? data : `data:${mime || "application/octet-stream"};base64,${data}`;

function parsed(value) {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
