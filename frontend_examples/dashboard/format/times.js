// Moments: RFC 3339 text with up to nine digits after the second, which `Date` would cut to three.

// Written by hand: the first `Intl.DateTimeFormat` of a page takes longer than all the rows of a list.
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const two = (number) => String(number).padStart(2, "0");
const minute = (date) => `${two(date.getHours())}:${two(date.getMinutes())}`;
const clock = (date) => `${minute(date)}:${two(date.getSeconds())}`;
const day = (date) => `${date.getDate()} ${MONTHS[date.getMonth()]}`;
const longDay = (date) => `${day(date)} ${date.getFullYear()}`;

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

/** `14:02:31.120` in the reader's time zone. */
export const clockTime = (text) => `${clock(new Date(text))}.${fraction(text)}`;

/** `25 Nov`, with the year if it is not this one. */
export function dayOf(text) {
  const date = new Date(text);
  return (date.getFullYear() === new Date().getFullYear() ? day : longDay)(date);
}

/** A moment on an axis that spans so many milliseconds. */
export function axisTime(ms, span) {
  const date = new Date(ms);
  if (span > 40 * 86_400_000) return longDay(date);
  if (span > 86_400_000) return `${day(date)}, ${minute(date)}`;
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

/** Seconds since 1970 and the nanoseconds after them. */
function split(text) {
  const dot = text.indexOf(".");
  const second = text.slice(0, dot < 0 ? -1 : dot);
  const digits = dot < 0 ? "" : text.slice(dot + 1, -1);
  return [Date.parse(`${second}Z`) / 1000, Number(digits.padEnd(9, "0"))];
}

function fraction(text) {
  return (/\.(\d+)Z$/.exec(text)?.[1] ?? "").padEnd(3, "0").slice(0, 3);
}
