// Round stretches of time.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const CLOCK = [
  ...[1, 2, 5, 10, 15, 30].map((number) => number * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((number) => number * MINUTE),
  ...[1, 2, 3, 6, 12].map((number) => number * HOUR),
];

/** The next round step: 1, 2, 5, 10, ... below a second and above a day, else what a clock shows. */
export function roundStep(value) {
  if (value <= SECOND / 2) return decimal(value, 1);
  return CLOCK.find((step) => step >= value * 0.999) ?? decimal(value, DAY);
}

function decimal(value, unit) {
  const power = 10 ** Math.floor(Math.log10(value / unit));
  return [1, 2, 5, 10].find((digit) => digit * power * unit >= value * 0.999) * power * unit;
}
