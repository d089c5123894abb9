// Traces or spans that answer a question: filter bar, charts and the list.
import { html, useEffect, useMemo, useRef, useState } from "../html.js";
import { SPANS, SPAN_COUNT, TRACES, TRACE_COUNT } from "../api/documents.js";
import { count } from "../format/numbers.js";
import { Later, isShown, tellShown } from "../parts/later.js";
import { Empty, Failure, Outdated, Waiting, WaitingCharts } from "../parts/notices.js";
import { go, linkTo } from "../state/address.js";
import { recallList, useKept } from "../state/kept.js";
import {
  boundedFilter,
  isNarrowed,
  questionFilter,
  questionOrder,
  questionParams,
  readQuestion,
} from "../state/question.js";
import { usePages, useQuery } from "../state/use-query.js";
import { Rows } from "./rows.js";

const SUBJECTS = {
  traces: { list: TRACES, total: TRACE_COUNT, noun: "trace" },
  spans: { list: SPANS, total: SPAN_COUNT, noun: "span" },
};

/** The box of the filter bar: the first list waits for none of what completes conditions. */
const NO_BAR = html`<div class="filter-bar" aria-hidden="true"><div class="filter-box" /></div>`;

export function ListPage({ subject, params }) {
  const text = params.toString();
  const kept = useMemo(() => recallList(), []);
  const question = useMemo(() => readQuestion(params), [text]);
  // Periods end at this moment; Refresh sets it anew.
  const [now, setNow] = useState(() => kept?.now ?? Date.now());
  const filter = useMemo(() => questionFilter(question, subject, now), [text, subject, now]);
  const [chartsNow, setChartsNow] = useState(now);
  const charted = useMemo(() => boundedFilter(question, subject, chartsNow), [text, subject, chartsNow]);
  const [isListed, setListed] = useState(false);
  const beat = useRef(null);
  // Charts cost more than a list: while it lives they are asked anew every few seconds.
  const beatSoon = () => {
    beat.current ??= setTimeout(() => {
      beat.current = null;
      setChartsNow(Date.now());
    }, 4000);
  };
  useEffect(() => () => clearTimeout(beat.current), []);
  const refresh = () => {
    setNow(Date.now());
    setChartsNow(Date.now());
  };
  // What follows costs time, too: the list is painted before.
  const onListed = () => {
    tellShown();
    isShown.then(() => setListed(true));
  };
  const change = (part) => go(linkTo([subject], questionParams({ ...question, ...part })));
  const show = (chips) => change({ chips: [...question.chips, ...chips] });
  return html`<h1 class="unseen">${subject === "traces" ? "Traces" : "Spans"}</h1>
    <${Later} name="filterBar" waiting=${NO_BAR} isBehind=${true} subject=${subject} question=${question}
      filter=${filter} change=${change} />
    <${Later} name="charts" waiting=${html`<${WaitingCharts} />`} isBehind=${true} subject=${subject}
      filter=${charted} question=${question} isReady=${isListed}
      choose=${(period) => change({ period })} show=${show} change=${change} />
    <${List} subject=${subject} question=${question} filter=${filter} change=${change} kept=${kept} now=${now}
      refresh=${refresh} beatSoon=${beatSoon} isListed=${isListed} onListed=${onListed} />`;
}

function List({ subject, question, filter, change, kept, now, refresh, beatSoon, isListed, onListed }) {
  const { list, total, noun } = SUBJECTS[subject];
  const variables = { filter, orderBy: questionOrder(question) };
  const pages = usePages(list, variables, (data) => data[subject], kept?.pages);
  // What is counted is asked behind the list: nobody should wait for the list because of it.
  const totals = useQuery(isListed ? total : null, { filter });
  const [errors, setErrors] = useState(new Map());
  useEffect(() => {
    if (pages.isAnswered) onListed();
  }, [pages.isAnswered]);
  useKept(pages, now, kept);
  const reload = () => {
    pages.reload();
    totals.reload();
    refresh();
  };
  const isEmpty = pages.isAnswered && !pages.loading && !pages.nodes.length && !isNarrowed(question);
  const onChange = () => {
    totals.reload();
    beatSoon();
  };
  return html`<section aria-label=${`List of ${noun}s`} class="list-section">
    <div class="list-head">
      <p class="total" aria-live="polite"><${Total} totals=${totals} subject=${subject} noun=${noun} /></p>
      <${Later} name="listTools" waiting=${null} isBehind=${true} subject=${subject} question=${question}
        change=${change} pages=${pages} isEmpty=${isEmpty} onChange=${onChange} reload=${reload} query=${list}
        variables=${variables} />
    </div>
    <${Later} name="rowErrors" waiting=${null} isBehind=${true} subject=${subject} nodes=${pages.nodes}
      show=${setErrors} />
    <${Body} pages=${pages} noun=${noun} question=${question} reload=${reload} isEmpty=${isEmpty}>
      <${Rows} subject=${subject} nodes=${pages.nodes} order=${question.order} errors=${errors}
        isWhole=${isListed || Boolean(kept)} sort=${(order) => change({ order })}>
        <${Later} name="listEnd" waiting=${null} isBehind=${true} pages=${pages} noun=${noun} />
      <//>
    <//>
  </section>`;
}

/** How many records meet the filter. Until it is known, its place stays empty. */
function Total({ totals, subject, noun }) {
  const value = totals.data?.[subject].totalCount;
  if (value === undefined) return totals.error ? null : html`<span class="pending unknown">0,000 ${noun}s</span>`;
  return html`<strong class=${totals.loading ? "pending" : ""}>${count(value)}</strong>
    ${" "}${noun}${value === 1 ? "" : "s"}`;
}

function Body({ pages, noun, question, reload, isEmpty, children }) {
  if (pages.nodes.length)
    return html`<${Outdated} error=${pages.error} /><div class=${pages.loading ? "stale" : ""}>${children}</div>`;
  if (pages.error) return html`<${Failure} error=${pages.error} retry=${reload} />`;
  if (isEmpty) return html`<${Later} name="firstRun" noun=${noun} />`;
  if (!isNarrowed(question) || pages.loading) return html`<${Waiting} label=${`Loading ${noun}s…`} />`;
  return html`<${Empty} title=${`No ${noun} meets this filter`}>
    ${question.search && html`<p>None has “${question.search}” in its texts, or as its id.</p>`}
    <p>Take a condition away, or <a href=${`#/${noun}s`}>see all ${noun}s</a>.</p>
  <//>`;
}
