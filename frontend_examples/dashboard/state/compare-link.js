// The address of a comparison: what a question selects, against the rest.
import { linkTo } from "./address.js";
import { questionParams } from "./question.js";

/** @param {string} [against] a name of `AGAINST`; left out, the usual one */
export function compareLink(question, subject, against = "") {
  const params = questionParams({ ...question, order: "", live: false });
  if (subject === "traces") params.set("of", "traces");
  if (against) params.set("against", against);
  return linkTo(["compare"], params);
}
