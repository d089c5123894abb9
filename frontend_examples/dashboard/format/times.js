// Moments: RFC 3339 text with up to nine digits after the second, which `Date` would cut to three. They are shown in
// the reader's time zone, or in UTC.

// Written by hand: the first `Intl.DateTimeFormat` of a page takes longer than all the rows of a list.
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const DAY = 86_400_000;
const two = (number) => String(number).padStart(2, "0");
const minute = (date) => `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
const clock = (date) => `${minute(date)}:${two(date.getUTCSeconds())}`;
const day = (date) => `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
const longDay = (date) => `${day(date)} ${date.getUTCFullYear()}`;

let isUtc = recalled() === "utc";

/** Whether times are shown in UTC rather than in the reader's time zone. */
export const showsUtc = () => isUtc;

export function showUtc(value) {
  isUtc = value;
  try {
    localStorage.setItem("spanwell-zone", value ? "utc" : "local");
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

function recalled() {
  try {
    return localStorage.getItem("spanwell-zone");
  } catch {
    return null;
  }
}

/** `UTC`, or `UTC+1` where the reader is. */
export function zoneName(at = Date.now()) {
  const minutes = isUtc ? 0 : -new Date(at).getTimezoneOffset();
  if (!minutes) return "UTC";
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? "−" : "+"}${Math.floor(size / 60)}${size % 60 ? `:${two(size % 60)}` : ""}`;
}

/** A date whose UTC parts are those of the zone in which times are shown. */
function shown(at) {
  const date = new Date(at);
  return isUtc ? date : new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
}

/** Milliseconds from one moment to another, to the nanosecond. */
export const between = (start, end) => since(start)(end);

/** What gives the milliseconds from a moment to others. */
export function since(start) {
  const [startSecond, startNanos] = split(start);
  return (end) => {
    const [endSecond, endNanos] = split(end);
    return (endSecond - startSecond) * 1000 + (endNanos - startNanos) / 1e6;
  };
}

/** `14:02:31.120` */
export const clockTime = (text) => `${clock(shown(text))}.${fraction(text)}`;

/** `25 Nov`, with the year if it is not this one. */
export function dayOf(text) {
  const date = shown(text);
  return (date.getUTCFullYear() === shown(Date.now()).getUTCFullYear() ? day : longDay)(date);
}

/** `25 Nov 2026, 14:02:31`: a whole moment. */
export const momentWords = (text) =>
  Number.isNaN(Date.parse(text)) ? text : `${longDay(shown(text))}, ${clock(shown(text))}`;

/** A moment on an axis that spans so many milliseconds. */
export function axisTime(ms, span) {
  const date = shown(ms);
  if (span > 40 * DAY) return longDay(date);
  if (span > DAY / 2) return `${day(date)}, ${minute(date)}`;
  return (span > 600_000 ? minute : clock)(date);
}

/** `2 min ago`; whole moments stay in the title beside it. */
export function ago(text, now = Date.now()) {
  const seconds = Math.max(0, (now - Date.parse(text)) / 1000);
  if (seconds < 5) return "now";
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  const days = Math.floor(seconds / 86_400);
  return days < 60 ? `${days} d ago` : dayOf(text);
}

const BACK = { s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: DAY, w: 7 * DAY };

/**
 * A typed moment as RFC 3339 in UTC; null if it is none. Without an offset it is in the zone that times are shown in, a
 * day alone is its beginning, `09:30` is today, `2h ago` is back from now.
 * @returns {string | null}
 */
export function parseMoment(text, now = Date.now()) {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*(s|m|min|h|d|w)(?:\s+ago)?$/i.exec(text.trim()) ?? [];
  if (amount) return new Date(now - Number(amount) * BACK[unit.toLowerCase()]).toISOString();
  const pattern =
    /^(?:(\d{4}-\d\d-\d\d)(?:[T\s]+|$))?(?:(\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|UTC|[+-]\d\d:?\d\d)?)?$/i;
  const [whole, date, time = "00:00", zone] = pattern.exec(text.trim()) ?? [];
  if (!whole) return null;
  const today = shown(now).toISOString().slice(0, 10);
  const clockText = time.length % 3 === 1 || /^\d:/.test(time) ? time.padStart(time.length + 1, "0") : time;
  const parsed = Date.parse(`${date ?? today}T${clockText}${offsetOf(zone)}`);
  return Number.isNaN(parsed) ? null : new Date(parsed).toISOString();
}

function offsetOf(zone) {
  if (!zone) return isUtc ? "Z" : "";
  return /^(Z|UTC)$/i.test(zone) ? "Z" : zone.replace(/^([+-]\d\d):?(\d\d)$/, "$1:$2");
}

/** A moment as the browser's own field of date and time holds it. */
export const fieldText = (text) => (text ? shown(text).toISOString().slice(0, 19) : "");

/** Seconds since 1970 and the nanoseconds after them. Offsets count; without any it is UTC. */
function split(text) {
  // As the server writes them: a trace has many thousands.
  if (text.endsWith("Z")) return [secondOf(text.slice(0, 19)), nanos(text.slice(20, -1))];
  const [, second, digits = "", zone] = /^(.{19})(?:\.(\d+))?(.*)$/.exec(text) ?? ["", text];
  return [Date.parse(`${second}${zone || "Z"}`) / 1000, nanos(digits)];
}

const last = { text: "", second: 0 };

/** Of many moments in order, most lie in the same second as the one before. */
function secondOf(text) {
  if (text !== last.text) Object.assign(last, { text, second: Date.parse(`${text}Z`) / 1000 });
  return last.second;
}

const nanos = (digits) => Number(digits.slice(0, 9)) * 10 ** Math.max(0, 9 - digits.length);

function fraction(text) {
  return (/\.(\d+)/.exec(text)?.[1] ?? "").padEnd(3, "0").slice(0, 3);
}
