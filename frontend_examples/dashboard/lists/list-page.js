// Traces or spans that answer a question: filter bar, charts and the list.
import { html, useEffect, useMemo, useRef, useState } from "../html.js";
import { SPANS, SPAN_COUNT, TRACES, TRACE_COUNT } from "../api/documents.js";
import { Charts } from "../charts/charts.js";
import { Later } from "../parts/later.js";
import { Empty, Failure, Outdated, Waiting } from "../parts/notices.js";
import { go, linkTo } from "../state/address.js";
import { keepList, recallList } from "../state/kept.js";
import {
  boundedFilter,
  isNarrowed,
  questionFilter,
  questionOrder,
  questionParams,
  readQuestion,
} from "../state/question.js";
import { useLive } from "../state/use-live.js";
import { usePages, useQuery } from "../state/use-query.js";
import { ListEnd } from "./list-end.js";
import { Rows } from "./rows.js";
import { Total } from "./total.js";
import { useErrors } from "./use-errors.js";

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
  const change = (part) => go(linkTo([subject], questionParams({ ...question, ...part })));
  const show = (chips) => change({ chips: [...question.chips, ...chips] });
  return html`<h1 class="unseen">${subject === "traces" ? "Traces" : "Spans"}</h1>
    <${Later} name="filterBar" waiting=${NO_BAR} subject=${subject} question=${question} filter=${filter}
      change=${change} />
    <${Charts} subject=${subject} filter=${charted} question=${question} now=${chartsNow} isReady=${isListed}
      choose=${(period) => change({ period })} show=${show} change=${change} />
    <${List} subject=${subject} question=${question} filter=${filter} change=${change} kept=${kept} now=${now}
      refresh=${refresh} beatSoon=${beatSoon} onListed=${() => setListed(true)} />`;
}

function List({ subject, question, filter, change, kept, now, refresh, beatSoon, onListed }) {
  const { list, total, noun } = SUBJECTS[subject];
  const variables = { filter, orderBy: questionOrder(question) };
  const pages = usePages(list, variables, (data) => data[subject], kept?.pages);
  // What is counted is asked behind the list: nobody should wait for the list because of it.
  const totals = useQuery(pages.isAnswered ? total : null, { filter });
  const errors = useErrors(subject, pages.nodes);
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
  const live = useLive(subject, {
    isOn: question.live || isEmpty,
    filter,
    isNewestFirst: !question.order,
    setNodes: pages.setNodes,
    reload: pages.reload,
    onChange: () => {
      totals.reload();
      beatSoon();
    },
    onJoin: pages.reload,
  });
  return html`<section aria-label=${`List of ${noun}s`} class="list-section">
    <div class="list-head">
      <p class="total" aria-live="polite"><${Total} totals=${totals} subject=${subject} noun=${noun} /></p>
      <${Later} name="listTools" waiting=${null} subject=${subject} question=${question} change=${change} live=${live}
        reload=${reload} query=${list} variables=${variables} />
    </div>
    <${Body} pages=${pages} noun=${noun} question=${question} reload=${reload} isEmpty=${isEmpty}>
      <${Rows} subject=${subject} nodes=${pages.nodes} order=${question.order} errors=${errors}
        isKept=${Boolean(kept)} sort=${(order) => change({ order })}>
        <${ListEnd} pages=${pages} noun=${noun} />
      <//>
    <//>
  </section>`;
}

/** Keeps the list for those who come back to it, and puts them where they were. */
function useKept(pages, now, kept) {
  const newest = useRef(null);
  newest.current = { now, pages: { nodes: pages.nodes, info: pages.info, key: pages.key } };
  useEffect(() => {
    if (kept) scrollTo(0, kept.scroll);
    let wait = null;
    const keep = () => {
      clearTimeout(wait);
      wait = setTimeout(() => keepList(newest.current), 100);
    };
    // Just before another page: a link is pressed before it is followed.
    const keepNow = () => keepList(newest.current);
    addEventListener("scroll", keep, { passive: true });
    addEventListener("pointerdown", keepNow, true);
    addEventListener("keydown", keepNow, true);
    return () => {
      clearTimeout(wait);
      removeEventListener("scroll", keep);
      removeEventListener("pointerdown", keepNow, true);
      removeEventListener("keydown", keepNow, true);
    };
  }, []);
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
