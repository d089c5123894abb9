// Sessions, or threads: what belongs together over many traces, the latest activity first.
import { html, useMemo, useState } from "../html.js";
import { SESSIONS, THREADS } from "../api/documents.js";
import { cost, count, short } from "../format/numbers.js";
import { ago, momentWords } from "../format/times.js";
import { FilterBar } from "../filter/filter-bar.js";
import { ListEnd } from "../lists/list-end.js";
import { Icon } from "../parts/icons.js";
import { Empty, Failure, Outdated, Waiting } from "../parts/notices.js";
import { QueryButton } from "../query/query-button.js";
import { None } from "../lists/columns.js";
import { go, linkTo } from "../state/address.js";
import { questionFilter, questionParams, readQuestion } from "../state/question.js";
import { usePages } from "../state/use-query.js";

const GROUPINGS = { sessions: { query: SESSIONS, noun: "session" }, threads: { query: THREADS, noun: "thread" } };

const HEADS = ["User", "Last activity", "Traces", "Tokens", "Cost"];

export function SessionsPage({ grouping, params }) {
  const { query, noun } = GROUPINGS[grouping];
  const text = params.toString();
  const question = useMemo(() => readQuestion(params), [text]);
  const [now, setNow] = useState(() => Date.now());
  const filter = useMemo(() => questionFilter(question, "traces", now), [text, now]);
  const change = (part) => go(linkTo([grouping], questionParams({ ...question, ...part })));
  const pages = usePages(query, { filter }, (data) => data[grouping]);
  const refresh = () => {
    setNow(Date.now());
    pages.reload();
  };
  return html`<h1 class="unseen">${noun === "session" ? "Sessions" : "Threads"}</h1>
    <${FilterBar} subject="traces" question=${question} filter=${filter} change=${change} />
    <div class="list-head services-head">
      <nav class="switch" aria-label="Grouped by">
        ${Object.keys(GROUPINGS).map(
          (name) => html`<a key=${name} href=${linkTo([name], params)}
          aria-current=${name === grouping ? "page" : null}>${name === "sessions" ? "Sessions" : "Threads"}</a>`,
        )}
      </nav>
      <div class="list-tools">
        <${QueryButton} query=${query} variables=${{ filter, first: 50 }} />
        <button type="button" class="button" aria-label="Refresh" onClick=${refresh}><${Icon} name="refresh" /></button>
      </div>
    </div>
    <${Outdated} error=${pages.nodes.length > 0 && pages.error} />
    <${Body} search=${question.search} pages=${pages} noun=${noun} />`;
}

function Body({ pages, noun, search }) {
  if (pages.error && !pages.nodes.length) return html`<${Failure} error=${pages.error} retry=${pages.reload} />`;
  if (!pages.nodes.length && pages.loading) return html`<${Waiting} label=${`Loading ${noun}s…`} />`;
  if (!pages.nodes.length)
    return html`<${Empty} title=${`No ${noun}s here`}><p>Traces belong to one by their <code>${noun}Id</code>.</p><//>`;
  return html`<div class=${pages.loading ? "stale" : ""}>
    <div class="rows session-rows" role="table" aria-label=${noun === "session" ? "Sessions" : "Threads"}
      style=${{ "--columns": "minmax(260px, 1fr) 140px 110px 96px 84px 72px" }}>
      <div class="row row-head" role="row">
        ${[noun === "session" ? "Session" : "Thread", ...HEADS].map(
          (name) => html`<span role="columnheader" key=${name}>${name}</span>`,
        )}
      </div>
      ${pages.nodes.map((group) => html`<${Group} key=${group.id} group=${group} noun=${noun} search=${search} />`)}
    </div>
    <${ListEnd} pages=${pages} noun=${noun} />
  </div>`;
}

function Group({ group, noun, search }) {
  const said = preview(group.lastInput);
  return html`<div class="row" role="row">
    <div class="cell-name" role="cell"><div>
      <a class="row-link" href=${linkTo([noun, group.id], { q: search })}>${said || group.id}</a>
      ${said && html`<span class="last-input">${group.id}</span>`}
    </div></div>
    <span role="cell" class="last-input">${group.userId ?? html`<${None} />`}</span>
    <span role="cell" title=${momentWords(group.lastActivityAt)}>${ago(group.lastActivityAt)}</span>
    <span class="cell-number cell-spans" role="cell"><span>${count(group.traceCount)}<span
      class="unit"> ${group.traceCount === 1 ? "trace" : "traces"}</span></span>
      ${group.errorCount > 0 && html`<span class="errors">${`${count(group.errorCount)} failed`}</span>`}</span>
    <span class="cell-number"
      role="cell">${
        group.totalTokens === null
          ? html`<${None} />`
          : html`${short(group.totalTokens)}<span
        class="unit"> tokens</span>`
      }</span>
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
