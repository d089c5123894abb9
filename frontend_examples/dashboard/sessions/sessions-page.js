// Sessions, or threads: what belongs together over many traces, the latest activity first.
import { html, useMemo } from "../html.js";
import { SESSIONS, THREADS } from "../api/documents.js";
import { cost, count, plural, short } from "../format/numbers.js";
import { ago } from "../format/times.js";
import { FilterBar } from "../parts/filter-bar.js";
import { ListEnd } from "../parts/list-end.js";
import { Empty, Failure, Waiting } from "../parts/notices.js";
import { QueryButton } from "../parts/query-dialog.js";
import { None } from "../parts/trace-rows.js";
import { go, linkTo } from "../state/address.js";
import { questionFilter, questionParams, readQuestion } from "../state/question.js";
import { usePages } from "../state/use-query.js";

const SORTS = { sessions: { query: SESSIONS, noun: "session" }, threads: { query: THREADS, noun: "thread" } };

export function SessionsPage({ sort, params }) {
  const { query, noun } = SORTS[sort];
  const asked = params.toString();
  const question = useMemo(() => readQuestion(params), [asked]);
  const filter = useMemo(() => questionFilter(question, "traces"), [asked]);
  const change = (part) => go(linkTo([sort], questionParams({ ...question, ...part })));
  const pages = usePages(query, { filter }, (data) => data[sort]);
  return html`<h1 class="unseen">${noun === "session" ? "Sessions" : "Threads"}</h1>
    <${FilterBar} subject="traces" question=${question} filter=${filter} change=${change} />
    <div class="list-head services-head">
      <nav class="switch" aria-label="Grouped by">
        ${Object.keys(SORTS).map((name) => html`<a key=${name} href=${linkTo([name], params)} aria-current=${name === sort ? "page" : null}>${name === "sessions" ? "Sessions" : "Threads"}</a>`)}
      </nav>
      <${QueryButton} query=${query} variables=${{ filter, first: 50 }} />
    </div>
    <${Body} pages=${pages} noun=${noun} />`;
}

function Body({ pages, noun }) {
  if (pages.error) return html`<${Failure} error=${pages.error} retry=${pages.reload} />`;
  if (!pages.nodes.length && pages.loading) return html`<${Waiting} label=${`Loading ${noun}s…`} />`;
  if (!pages.nodes.length) return html`<${Empty} title=${`No ${noun}s here`}><p>Traces belong to one by their <code>${noun}Id</code>.</p><//>`;
  return html`<div class=${pages.loading ? "stale" : ""}>
    <div class="rows session-rows" role="table" aria-label=${noun === "session" ? "Sessions" : "Threads"}>
      <div class="row row-head" role="row">
        ${[noun === "session" ? "Session" : "Thread", "User", "Last activity", "Traces", "Tokens", "Cost"].map((name) => html`<span role="columnheader" key=${name}>${name}</span>`)}
      </div>
      ${pages.nodes.map((group) => html`<${Group} key=${group.id} group=${group} noun=${noun} />`)}
    </div>
    <${ListEnd} pages=${pages} noun=${noun} />
  </div>`;
}

function Group({ group, noun }) {
  const asked = preview(group.lastInput);
  return html`<div class="row" role="row">
    <div class="cell-name" role="cell"><div>
      <a class="row-link" href=${linkTo([noun, group.id])}>${asked || group.id}</a>
      ${asked && html`<span class="last-input">${group.id}</span>`}
    </div></div>
    <span role="cell" class="last-input">${group.userId ?? html`<${None} />`}</span>
    <span role="cell" title=${group.lastActivityAt}>${ago(group.lastActivityAt)}</span>
    <span class="cell-number cell-spans" role="cell"><span>${count(group.traceCount)}<span class="unit"> traces</span></span>
      ${group.errorCount > 0 && html`<span class="errors">${plural(group.errorCount, "error")}</span>`}</span>
    <span class="cell-number" role="cell">${group.totalTokens === null ? html`<${None} />` : html`${short(group.totalTokens)}<span class="unit"> tokens</span>`}</span>
    <span class="cell-number" role="cell">${group.costUsd === null ? html`<${None} />` : cost(group.costUsd)}</span>
  </div>`;
}

const SAID = String.raw`"(?:content|text)":\s*"((?:[^"\\]|\\.)*)`;
const ASKED = [new RegExp(String.raw`"role":\s*"(?:user|human)"[^{}]*?${SAID}`), new RegExp(SAID)];

/** What was asked, in a line. The server sends the beginning of it as text, be it JSON or not. */
function preview(input) {
  if (input === null) return "";
  const said = ASKED.map((pattern) => pattern.exec(input)?.[1]).find(Boolean);
  return said ? unescaped(said) : input;
}

function unescaped(text) {
  try {
    return JSON.parse(`"${text}"`).replaceAll("\n", " ");
  } catch {
    return text;
  }
}
