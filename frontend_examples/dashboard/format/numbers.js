// Numbers as people read them. Written by hand: the first `Intl.NumberFormat` of a page takes longer than the rows of
// a list.

/** @type {[string, number][]} */
const SIZES = [
  ["T", 1e12],
  ["B", 1e9],
  ["M", 1e6],
  ["K", 1e3],
];

/** `53,962` */
export const count = (value) => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");

/** `15.3K` */
export function short(value) {
  if (value < 10_000) return count(value);
  // What would be rounded to 1,000 of a size is 1 of the next.
  const [letter, size] = SIZES.find(([, least]) => value >= 0.99995 * least);
  return `${trimmed(value / size, 1)}${letter}`;
}

/** `1 trace`, `2 traces` */
export const plural = (value, noun) => `${count(value)} ${noun}${value === 1 ? "" : "s"}`;

/** Milliseconds: `0.12 ms`, `340 ms`, `2.31 s`, `4 min 5 s`, `3 h 12 min`, `8 d 2 h`, `−3 ms`. */
export function duration(ms) {
  if (ms === null || ms === undefined) return "–";
  if (ms < 0) return `−${duration(-ms)}`; // Clocks of two machines differ.
  if (ms < 0.001 && ms > 0) return `${trimmed(ms * 1_000_000, 0)} ns`;
  if (ms < 0.9995) return ms === 0 ? "0 ms" : `${trimmed(ms * 1000, ms < 0.1 ? 1 : 0)} µs`;
  if (ms < 999.5) return `${trimmed(ms, ms < 10 ? 2 : ms < 100 ? 1 : 0)} ms`;
  if (ms < 60_000) return `${trimmed(ms / 1000, 2)} s`;
  if (ms < 3_600_000) return pair(ms / 60_000, "min", 60, "s");
  if (ms < 172_800_000) return pair(ms / 3_600_000, "h", 60, "min");
  return pair(ms / 86_400_000, "d", 24, "h");
}

/** A stretch of time in one word: `24 h`, `3 days`, `15 min`. */
export function roughly(ms) {
  /** @type {[number, string][]} */
  const units = [
    [31_557_600_000, "years"],
    [86_400_000, "days"],
    [3_600_000, "h"],
    [60_000, "min"],
    [1000, "s"],
    [1, "ms"],
  ];
  const [size, unit] = units.find(([length]) => ms >= 1.9 * length) ?? units.at(-1);
  return `${Math.round(ms / size)} ${unit}`;
}

/** US dollars, with the digits that small sums need: `$0.0037`, `$1.24`. */
export function cost(usd) {
  if (usd === null || usd === undefined) return "–";
  if (usd === 0) return "$0";
  if (usd < 0.00005) return "<$0.0001";
  return `$${usd < 0.1 ? usd.toFixed(4) : usd < 100 ? usd.toFixed(2) : count(usd)}`;
}

/** `3.4 %`; what is not nothing is not shown as nothing, nor what is not all as all: `<0.1 %`, `>99.9 %`. */
export function percent(share) {
  if (share === null || share === undefined) return "–";
  if (share > 0 && share < 0.0005) return "<0.1 %";
  if (share < 1 && share >= 0.9995) return ">99.9 %";
  return `${trimmed(share * 100, share < 0.1 || share > 0.99 ? 1 : 0)} %`;
}

/** Per second: `12/s`, `3/min`, `2/h`, `0.2/day`. */
export function rate(perSecond) {
  if (!perSecond) return "0/s";
  if (perSecond >= 1) return `${trimmed(perSecond, perSecond < 10 ? 1 : 0)}/s`;
  if (perSecond * 60 >= 1) return `${trimmed(perSecond * 60, perSecond * 60 < 10 ? 1 : 0)}/min`;
  if (perSecond * 3600 >= 0.95) return `${trimmed(perSecond * 3600, 1)}/h`;
  return `${trimmed(perSecond * 86_400, 1) === "0" ? "<0.1" : trimmed(perSecond * 86_400, 1)}/day`;
}

/** `+12 ms`, `−3`, `=`; nothing where one side does not know. */
export function signed(value, format) {
  if (value === null) return "–";
  return value ? `${value < 0 ? "−" : "+"}${format(Math.abs(value))}` : "=";
}

const trimmed = (value, digits) => String(Number(value.toFixed(digits)));

function pair(value, unit, parts, smaller) {
  const whole = Math.floor(value);
  const rest = Math.round((value - whole) * parts);
  return rest && rest < parts ? `${whole} ${unit} ${rest} ${smaller}` : `${Math.round(value)} ${unit}`;
}
