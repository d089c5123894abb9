// One session or thread as a conversation: what was asked and answered, trace by trace.
import { html, useEffect, useMemo } from "../html.js";
import { CONVERSATION } from "../api/documents.js";
import { TRACE_GROUPS } from "../api/statistics-documents.js";
import { cost, duration, plural, short } from "../format/numbers.js";
import { clockTime, dayOf } from "../format/times.js";
import { Icon } from "../parts/icons.js";
import { ListEnd } from "../lists/list-end.js";
import { Empty, Failure, Outdated, Waiting } from "../parts/notices.js";
import { QueryButton } from "../query/query-button.js";
import { Status } from "../parts/status.js";
import { linkTo } from "../state/address.js";
import { usePages, useQuery } from "../state/use-query.js";
import { Chat } from "../messages/chat.js";
import { ErrorBox } from "../span/error-box.js";
import { errorOf } from "../span/errors.js";
import { JsonText } from "../span/json-text.js";
import { inputMessages, outputMessages } from "../messages/messages.js";

/** @param {{noun: "session" | "thread", id: string, params: URLSearchParams}} props */
export function ConversationPage({ noun, id, params }) {
  const filter = useMemo(() => ({ [`${noun}Id`]: { eq: id } }), [noun, id]);
  const pages = usePages(CONVERSATION, { filter }, (data) => data.traces);
  const marked = params.get("q") ?? "";
  const summary = useQuery(TRACE_GROUPS, { filter, groupBy: null, orderBy: null, first: 1, compareTo: null });
  useEffect(() => {
    // Who came by a search begins at the first turn that holds it.
    if (marked && pages.nodes.length) document.querySelector(".exchange mark")?.scrollIntoView({ block: "center" });
  }, [pages.nodes.length > 0]);
  const refresh = () => {
    pages.reload();
    summary.reload();
  };
  const [whole] = summary.data?.whole ?? [];
  return html`<div class="conversation">
    <div class="conversation-head">
      <a class="button quiet" href=${`#/${noun}s`} aria-label=${`All ${noun}s`}><${Icon} name="back" /></a>
      <h1>${id}</h1>
      <div class="list-tools">
        <${QueryButton} query=${CONVERSATION} variables=${{ filter, first: 50 }} />
        <button type="button" class="button" aria-label="Refresh" onClick=${refresh}><${Icon} name="refresh" /></button>
      </div>
    </div>
    ${
      whole &&
      html`<dl class="facts conversation-facts">
      <div class="fact"><dt>Turns</dt><dd>${plural(whole.count, "trace")}</dd></div>
      ${pages.nodes[0]?.userId && html`<div class="fact"><dt>User</dt><dd>${pages.nodes[0].userId}</dd></div>`}
      ${whole.errorCount > 0 && html`<div class="fact is-bad"><dt>With errors</dt><dd>${whole.errorCount}</dd></div>`}
      ${whole.totalTokens !== null && html`<div class="fact"><dt>Tokens</dt><dd>${short(whole.totalTokens)}</dd></div>`}
      ${whole.costUsd !== null && html`<div class="fact"><dt>Cost</dt><dd>${cost(whole.costUsd)}</dd></div>`}
      <div class="fact"><dt>Median answer</dt><dd>${duration(whole.durationMs.p50)}</dd></div>
      ${toolsOf(pages.nodes) && html`<div class="fact"><dt>Tools</dt><dd>${toolsOf(pages.nodes)}</dd></div>`}
    </dl>`
    }
    <${Exchanges} pages=${pages} noun=${noun} marked=${marked} />
  </div>`;
}

function Exchanges({ pages, noun, marked }) {
  const { nodes, error, loading, reload } = pages;
  if (!nodes.length && error) return html`<${Failure} error=${error} retry=${reload} />`;
  if (!nodes.length) return loading ? html`<${Waiting} />` : html`<${Empty} title=${`No trace names this ${noun}`} />`;
  return html`<${Outdated} error=${error} />
    ${nodes.map((trace) => html`<${Exchange} key=${trace.traceId} trace=${trace} marked=${marked} />`)}
    <${ListEnd} pages=${pages} noun="trace" />`;
}

/** The tools that root spans say were called. */
function toolsOf(nodes) {
  const calls = nodes.flatMap(({ rootSpan }) =>
    (outputMessages(rootSpan?.output ?? null) ?? []).flatMap(({ parts }) =>
      parts.filter(({ kind }) => kind === "call"),
    ),
  );
  return [...new Set(calls.map(({ name }) => name))].join(", ");
}

function Exchange({ trace, marked }) {
  const { input, output } = trace.rootSpan ?? { input: null, output: null };
  const question = inputMessages(input);
  const answer = outputMessages(typeof output === "string" ? { text: output } : output);
  // Earlier turns come along with each call; the new one is the last.
  const messages = [...(question?.slice(-1) ?? []), ...(answer ?? [])];
  return html`<article class="exchange" aria-label=${trace.name}>
    ${!question && input !== null && html`<${JsonText} value=${input} />`}
    ${messages.length > 0 && html`<${Chat} messages=${messages} marked=${marked} />`}
    ${!answer && output !== null && html`<${JsonText} value=${output} />`}
    <${ErrorBox} error=${trace.rootSpan && errorOf(trace.rootSpan)} />
    <p class="exchange-facts">
      <${Status} status=${trace.status} hasError=${trace.errorCount > 0} />
      <a href=${linkTo(["trace", trace.traceId])}>${trace.name}</a>
      <time dateTime=${trace.startedAt}>${dayOf(trace.startedAt)}, ${clockTime(trace.startedAt)}</time>
      <span>${trace.durationMs === null ? "running" : duration(trace.durationMs)}</span>
      <span>${plural(trace.spanCount, "span")}</span>
      ${trace.totalTokens !== null && html`<span>${short(trace.totalTokens)} tokens</span>`}
      ${trace.costUsd !== null && html`<span>${cost(trace.costUsd)}</span>`}
    </p>
  </article>`;
}
