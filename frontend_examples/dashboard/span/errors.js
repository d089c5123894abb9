// Why a span failed, wherever its instrumentation wrote it: `errorInfo`, a status message, an exception event,
// attributes.

/** @typedef {{name: string | null, message: string | null, stack: string | null, rest: object}} SpanError */

/** @returns {SpanError | null} null if nothing says so */
export function errorOf({ errorInfo = null, statusMessage = null, events = null, attributes = null, status = null }) {
  const parts = [fromInfo(errorInfo), ...exceptions(events), fromAttributes(attributes)].filter(Boolean);
  if (!parts.length && !statusMessage && status !== "ERROR") return null;
  const first = (name) => parts.map((part) => part[name]).find((value) => typeof value === "string" && value) ?? null;
  return {
    name: first("name"),
    message: first("message") ?? statusMessage,
    stack: first("stack"),
    rest: parts[0]?.rest ?? {},
  };
}

/** The first line of it, for a row: `TimeoutError: no answer after 2 s`. */
export function errorLine(span) {
  const error = errorOf(span);
  if (!error) return "";
  const { name, message } = error;
  const words = message && name && !message.startsWith(name) ? `${name}: ${message}` : (message ?? name ?? "");
  return words.split("\n")[0].slice(0, 300);
}

function fromInfo(info) {
  if (info === null || info === undefined) return null;
  if (typeof info !== "object") return { message: String(info), rest: {} };
  if (Array.isArray(info)) return { rest: { errors: info } };
  const { message, name, stack, type, stacktrace, ...rest } = info;
  const isPlain = message === undefined || typeof message === "string";
  return { name: name ?? type, message, stack: stack ?? stacktrace, rest: isPlain ? rest : { message, ...rest } };
}

const exceptions = (events) =>
  Array.isArray(events)
    ? events.filter((event) => event?.name === "exception").map(({ attributes }) => fromAttributes(attributes))
    : [];

/** `error.type` of a request that failed by its status is the status alone. */
function nameOf(name, attributes) {
  if (name === undefined) return undefined;
  const status = attributes["http.response.status_code"] ?? attributes["http.status_code"];
  return String(status) === String(name) ? `HTTP ${name}` : String(name);
}

function fromAttributes(attributes) {
  if (!attributes || typeof attributes !== "object") return null;
  const name = attributes["exception.type"] ?? attributes["error.type"];
  const message = attributes["exception.message"] ?? attributes["error.message"];
  const stack = attributes["exception.stacktrace"] ?? attributes["error.stack"];
  return name !== undefined || message || stack ? { name: nameOf(name, attributes), message, stack, rest: {} } : null;
}
