// Traces or spans that answer a question: filter bar, charts and the list.
import { html, useEffect, useMemo, useRef, useState } from "../html.js";
import { SPANS, SPAN_COUNT, TRACES, TRACE_COUNT } from "../api/documents.js";
import { Charts } from "../charts/charts.js";
import { count } from "../format/numbers.js";
import { go, linkTo } from "../state/address.js";
import { questionFilter, questionOrder, questionParams, readQuestion } from "../state/question.js";
import { useLive } from "../state/use-live.js";
import { usePages, useQuery } from "../state/use-query.js";
import { FilterBar } from "./filter-bar.js";
import { Icon } from "./icons.js";
import { Empty, Failure, Waiting } from "./notices.js";
import { QueryButton } from "./query-dialog.js";
import { LiveButton } from "./live-button.js";
import { SpanRows } from "./span-rows.js";
import { ListEnd } from "./list-end.js";
import { TraceRows } from "./trace-rows.js";

const SUBJECTS = {
  traces: { list: TRACES, total: TRACE_COUNT, Rows: TraceRows, noun: "trace" },
  spans: { list: SPANS, total: SPAN_COUNT, Rows: SpanRows, noun: "span" },
};

const ORDERS = {
  "": "Newest first",
  "STARTED_AT ASC": "Oldest first",
  DURATION: "Slowest first",
  ERROR_COUNT: "Most errors first",
  SPAN_COUNT: "Most spans first",
  TOTAL_TOKENS: "Most tokens first",
  COST: "Costliest first",
};

export function ListPage({ subject, params }) {
  const asked = params.toString();
  const [turn, setTurn] = useState(0);
  const question = useMemo(() => readQuestion(params), [asked]);
  const filter = useMemo(() => questionFilter(question, subject), [asked, subject, turn]);
  const [pulse, setPulse] = useState(0);
  const [isListed, setListed] = useState(false);
  const beat = useRef(null);
  // Charts cost more than a list: while it lives they are asked anew every few seconds.
  const beatSoon = () => {
    beat.current ??= setTimeout(() => ((beat.current = null), setPulse((last) => last + 1)), 4000);
  };
  const change = (part) => go(linkTo([subject], questionParams({ ...question, ...part })));
  return html`<h1 class="unseen">${subject === "traces" ? "Traces" : "Spans"}</h1>
    <${FilterBar} subject=${subject} question=${question} filter=${filter} change=${change} />
    <${Charts} subject=${subject} filter=${filter} choose=${(period) => change({ period })} pulse=${pulse} isReady=${isListed} />
    <${List} subject=${subject} question=${question} filter=${filter} change=${change}
      refresh=${() => setTurn((last) => last + 1)} beatSoon=${beatSoon} onListed=${() => setListed(true)} />`;
}

function List({ subject, question, filter, change, refresh, beatSoon, onListed }) {
  const { list, total, Rows, noun } = SUBJECTS[subject];
  const variables = { filter, orderBy: questionOrder(question) };
  const pages = usePages(list, variables, (data) => data[subject]);
  // What is counted is asked behind the list: nobody should wait for the list because of it.
  const totals = useQuery(pages.isAnswered ? total : null, { filter });
  useEffect(() => {
    if (pages.isAnswered) onListed();
  }, [pages.isAnswered]);
  const reload = () => (pages.reload(), totals.reload(), refresh());
  const live = useLive(subject, {
    isOn: question.live,
    filter,
    isNewestFirst: !question.sort,
    setNodes: pages.setNodes,
    onChange: () => (totals.reload(), beatSoon()),
    onJoin: pages.reload,
  });
  return html`<section aria-label=${`List of ${noun}s`} class="list-section">
    <div class="list-head">
      <p class="total" aria-live="polite"><${Total} totals=${totals} subject=${subject} noun=${noun} /></p>
      <div class="list-tools">
        <${LiveButton} state=${live} toggle=${() => change({ live: !question.live })} />
        <label class="select">
          <span class="unseen">Order</span>
          <select value=${question.sort} onChange=${(event) => change({ sort: event.currentTarget.value })}>
            ${ordersOf(subject).map(([name, label]) => html`<option key=${name} value=${name}>${label}</option>`)}
          </select>
        </label>
        <${QueryButton} query=${list} variables=${{ ...variables, first: 50 }} />
        <button type="button" class="button" aria-label="Refresh" onClick=${reload}><${Icon} name="refresh" /></button>
      </div>
    </div>
    <${Body} pages=${pages} noun=${noun} question=${question} reload=${reload}>
      <${Rows} nodes=${pages.nodes} question=${question} />
      <${ListEnd} pages=${pages} noun=${noun} />
    <//>
  </section>`;
}

function Body({ pages, noun, question, reload, children }) {
  if (pages.error) return html`<${Failure} error=${pages.error} retry=${reload} />`;
  if (pages.nodes.length) return html`<div class=${pages.loading ? "stale" : ""}>${children}</div>`;
  if (pages.loading) return html`<${Waiting} label=${`Loading ${noun}s…`} />`;
  const isNarrowed = question.chips.length || question.search || Object.values(question.period).some(Boolean);
  if (isNarrowed)
    return html`<${Empty} title=${`No ${noun} meets this filter`}>
      <p>Take a condition away, or <a href=${`#/${noun}s`}>see all ${noun}s</a>.</p>
    <//>`;
  return html`<${Empty} title=${`No ${noun}s yet`}>
    <p>Send spans with the mutation <code>batchCreateSpans</code> or as OTLP to <code>/v1/traces</code>; they show here at once.</p>
  <//>`;
}

function Total({ totals, subject, noun }) {
  const value = totals.data?.[subject].totalCount;
  if (totals.error) return null;
  if (value === undefined) return html`<strong class="pending">0,000</strong> ${noun}s`;
  return html`<strong class=${totals.loading ? "pending" : ""}>${count(value)}</strong> ${noun}${value === 1 ? "" : "s"}`;
}

const ordersOf = (subject) =>
  Object.entries(ORDERS).filter(([name]) => subject === "traces" || !["ERROR_COUNT", "SPAN_COUNT"].includes(name));
