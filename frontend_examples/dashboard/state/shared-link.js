// A link that means the same to others and tomorrow: times are absolute, whatever the page was told.
import { linkTo, readAddress } from "./address.js";
import { periodBounds, questionParams } from "./question.js";

/** The address of a list with its period as moments. @param {import("./question.js").Question} question */
export function sharedLink(question, now = Date.now()) {
  const { from, to } = periodBounds(question.period, now);
  const iso = (ms) => new Date(ms).toISOString();
  const period = question.period.range ? { from: iso(from), to: iso(to) } : question.period;
  const { path, params } = readAddress();
  const own = [...params].filter(([name]) => !["f", "q", "range", "from", "to", "sort", "live"].includes(name));
  const shared = questionParams({ ...question, period, live: false });
  for (const [name, value] of own) shared.append(name, value);
  return new URL(linkTo(path, shared), document.baseURI).href;
}
