// The charts over a list, which can be closed. They come behind the list: nobody waits for it because of them.
import { html, useEffect, useState } from "../html.js";
import { SPAN_STATS, TRACE_STATS } from "../api/documents.js";
import { Later } from "../parts/later.js";
import { QueryButton } from "../parts/query-dialog.js";
import { useQuery } from "../state/use-query.js";

const BUCKETS = 48;

/** @param {{subject: "traces" | "spans", filter: object, choose: (period: {from: string, to: string}) => void, pulse: number, isReady: boolean}} props pulse: another number asks anew */
export function Charts({ subject, filter, choose, pulse, isReady }) {
  const query = subject === "traces" ? TRACE_STATS : SPAN_STATS;
  const variables = { filter, buckets: BUCKETS };
  const [isOpen, setOpen] = useState(recalled());
  const answer = useQuery(isOpen && isReady ? query : null, variables);
  useEffect(() => {
    if (pulse) answer.reload();
  }, [pulse]);
  const toggle = () => (remember(!isOpen), setOpen(!isOpen));
  return html`<section class="charts" aria-label="Charts">
    <div class="charts-head">
      <button type="button" class="button quiet" aria-expanded=${isOpen} onClick=${toggle}>
        <span class=${`caret ${isOpen ? "is-open" : ""}`} />Charts
      </button>
      ${isOpen && html`<${QueryButton} query=${query} variables=${variables} quiet=${true} />`}
    </div>
    ${isOpen && (isReady ? html`<${Later} name="charts" waiting=${EMPTY} answer=${answer} noun=${subject.slice(0, -1)} choose=${choose} />` : EMPTY)}
  </section>`;
}

/** The same boxes, empty: nothing moves when the charts come. */
const EMPTY = html`<div class="chart-row" aria-hidden="true">
  ${[0, 1, 2, 3].map((place) => html`<div class="chart" key=${place}><figcaption /><div class="plot" /><div class="chart-axis">${" "}</div></div>`)}
</div>`;

function recalled() {
  try {
    return localStorage.getItem("spanwell-charts") !== "closed";
  } catch {
    return true;
  }
}

function remember(isOpen) {
  try {
    localStorage.setItem("spanwell-charts", isOpen ? "open" : "closed");
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}
