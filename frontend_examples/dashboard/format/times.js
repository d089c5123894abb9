// Moments: RFC 3339 text with up to nine digits after the second, which `Date` would cut to three.

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const minute = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const longDay = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

/** Milliseconds from one moment to another, to the nanosecond. */
export function between(start, end) {
  const [startSecond, startNanos] = split(start);
  const [endSecond, endNanos] = split(end);
  return (endSecond - startSecond) * 1000 + (endNanos - startNanos) / 1e6;
}

/** `14:02:31.120` in the reader's time zone. */
export const clockTime = (text) => `${clock.format(new Date(text))}.${fraction(text)}`;

/** `25 Nov`, with the year if it is not this one. */
export function dayOf(text) {
  const date = new Date(text);
  return (date.getFullYear() === new Date().getFullYear() ? day : longDay).format(date);
}

/** A moment on an axis that spans so many milliseconds. */
export function axisTime(ms, span) {
  const date = new Date(ms);
  if (span > 40 * 86_400_000) return longDay.format(date);
  if (span > 86_400_000) return `${day.format(date)}, ${minute.format(date)}`;
  return (span > 600_000 ? minute : clock).format(date);
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

function split(text) {
  const [, second, digits = ""] = /^(.*?)(?:\.(\d+))?Z$/.exec(text);
  return [Date.parse(`${second}Z`) / 1000, Number(digits.padEnd(9, "0"))];
}

function fraction(text) {
  return (/\.(\d+)Z$/.exec(text)?.[1] ?? "").padEnd(3, "0").slice(0, 3);
}
