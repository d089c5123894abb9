// A selection against the rest: which fields and attributes differ most, with both shares as bars. Or two traces.
import { html } from "../html.js";
import { Selection } from "./selection.js";
import { TwoTraces } from "./two-traces.js";

export function ComparePage({ params }) {
  if (params.get("trace")) return html`<${TwoTraces} params=${params} />`;
  return html`<${Selection} params=${params} />`;
}
