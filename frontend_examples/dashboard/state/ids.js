// What somebody pasted, and the ids in it: logs, headers, addresses and JSON hold them in many forms.

/** @typedef {{traceId?: string, spanId?: string, prefix?: string}} Ids prefix: the beginning of a trace's id */

const UUID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/i;
const HEX = (digits) => new RegExp(String.raw`(?<![0-9a-f])[0-9a-f]{${digits}}(?![0-9a-f])`, "i");
const [TRACE, SPAN] = [HEX(32), HEX(16)];
const NAMED = (name) => new RegExp(String.raw`${name}["']?\s*[:=]\s*["']?(?:0x)?([^\s"',;&}]+)`, "i");
const TRACE_NAMES = NAMED(String.raw`trace[-_. ]?id`);
const SPAN_NAMES = NAMED(String.raw`span[-_. ]?id`);
const ADDRESS = /\/trace\/([^/?#\s]+)(?:\?(?:[^#\s]*&)?span=([^&#\s]+))?/;
const TRACEPARENT = /\b[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}\b/i;
const B3 = /^([0-9a-f]{32}|[0-9a-f]{16})-([0-9a-f]{16})(?:-[01d])?(?:-[0-9a-f]{16})?$/i;
const XRAY = /\b1-([0-9a-f]{8})-([0-9a-f]{24})\b(?:;Parent=([0-9a-f]{16}))?/i;

/** The ids in a text; null if it is not about any. @param {string} text @returns {Ids | null} */
export function idsIn(text) {
  const trimmed = text.trim();
  return addressed(trimmed) ?? headed(trimmed) ?? named(trimmed) ?? bare(trimmed) ?? within(trimmed);
}

function addressed(text) {
  const [, traceId, spanId] = ADDRESS.exec(text) ?? [];
  return traceId ? present(decoded(traceId), spanId && decoded(spanId)) : null;
}

function headed(text) {
  const [, traceId, spanId] = TRACEPARENT.exec(text) ?? B3.exec(text) ?? [];
  if (traceId) return present(tidy(traceId), tidy(spanId));
  const [, epoch, rest, parent] = XRAY.exec(text) ?? [];
  return epoch ? present(tidy(epoch + rest), parent && tidy(parent)) : null;
}

function named(text) {
  const traceId = TRACE_NAMES.exec(text)?.[1];
  const spanId = SPAN_NAMES.exec(text)?.[1];
  return traceId || spanId ? present(traceId && tidy(traceId), spanId && tidy(spanId)) : null;
}

/** An id alone, in quotes, brackets or after `0x`; sixteen digits may be a span's, or a short id of a trace. */
function bare(text) {
  const word = text.replace(/^["'`<([{]+|["'`>)\]},;.]+$/g, "").replace(/^0x/i, "");
  const uuid = UUID.exec(word)?.[0];
  if (uuid) return present(tidy(uuid));
  if (/^[0-9a-f]{32}$/i.test(word)) return present(tidy(word));
  if (/^[0-9a-f]{16}$/i.test(word)) return present(tidy(word), tidy(word));
  // Words such as `cafe` are hex too: what is short has to hold a digit.
  if (/^(?=.*\d)[0-9a-f]{6,31}$/i.test(word)) return { prefix: word.toLowerCase() };
  return null;
}

/** The first id of a trace in a log line or another header, and that of a span after it. */
function within(text) {
  const found = TRACE.exec(text) ?? UUID.exec(text);
  if (!found) return null;
  const after = text.slice(found.index + found[0].length);
  const spanId = SPAN.exec(after)?.[0];
  return present(tidy(found[0]), spanId && tidy(spanId));
}

const present = (traceId, spanId) => ({ ...(traceId && { traceId }), ...(spanId && { spanId }) });

const tidy = (id) => (UUID.test(id) ? id.replaceAll("-", "") : id).toLowerCase();

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
