// The charts over a list, which can be closed. They come behind the list: nobody waits for it because of them.
import { html, useState } from "../html.js";
import { SPAN_STATS, TRACE_STATS } from "../api/documents.js";
import { EMPTY_CHARTS } from "../parts/notices.js";
import { QueryButton } from "../query/query-button.js";
import { stored, store } from "../state/stored.js";
import { useQuery } from "../state/use-query.js";
import { ChartRow } from "./chart-row.js";

const BUCKETS = 48;

/**
 * @param {{subject: "traces" | "spans", filter: object, choose: (period: {from: string, to: string}) => void,
 *   change: Function, question: any, isReady: boolean}} props filter: that of the list, with an end of time
 */
export function Charts({ subject, filter, question, choose, change, isReady }) {
  const query = subject === "traces" ? TRACE_STATS : SPAN_STATS;
  const variables = { filter, buckets: BUCKETS };
  const [isOpen, setOpen] = useState(() => stored("charts-open", true));
  const answer = useQuery(isOpen && isReady ? query : null, variables);
  const toggle = () => {
    store("charts-open", !isOpen);
    setOpen(!isOpen);
  };
  return html`<section class="charts" aria-label="Charts">
    <div class="charts-head">
      <button type="button" class="button quiet" aria-expanded=${isOpen} onClick=${toggle}>
        <span class=${`caret ${isOpen ? "is-open" : ""}`} />Charts
      </button>
      ${isOpen && html`<${QueryButton} query=${query} variables=${variables} quiet=${true} />`}
    </div>
    ${
      isOpen &&
      (isReady
        ? html`<${ChartRow} answer=${answer} subject=${subject} question=${question} choose=${choose}
          change=${change} />`
        : EMPTY_CHARTS)
    }
  </section>`;
}
