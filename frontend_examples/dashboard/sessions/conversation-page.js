// One session or thread as a conversation: what was asked and answered, trace by trace.
import { html, useMemo } from "../html.js";
import { CONVERSATION } from "../api/documents.js";
import { cost, duration, plural, short } from "../format/numbers.js";
import { clockTime, dayOf } from "../format/times.js";
import { Icon } from "../parts/icons.js";
import { ListEnd } from "../parts/list-end.js";
import { Empty, Failure, Waiting } from "../parts/notices.js";
import { QueryButton } from "../parts/query-dialog.js";
import { Status } from "../parts/status.js";
import { linkTo } from "../state/address.js";
import { usePages } from "../state/use-query.js";
import { Chat } from "../trace/chat.js";
import { ErrorBox } from "../trace/error-box.js";
import { JsonText } from "../trace/json-text.js";
import { inputMessages, outputMessages } from "../trace/messages.js";

/** @param {{noun: "session" | "thread", id: string}} props */
export function ConversationPage({ noun, id }) {
  const filter = useMemo(() => ({ [`${noun}Id`]: { eq: id } }), [noun, id]);
  const pages = usePages(CONVERSATION, { filter }, (data) => data.traces);
  return html`<div class="conversation">
    <div class="conversation-head">
      <a class="button quiet" href=${`#/${noun}s`} aria-label=${`All ${noun}s`}><${Icon} name="back" /></a>
      <h1>${id}</h1>
      <${QueryButton} query=${CONVERSATION} variables=${{ filter, first: 50 }} />
    </div>
    ${pages.error ? html`<${Failure} error=${pages.error} retry=${pages.reload} />`
      : !pages.nodes.length && pages.loading ? html`<${Waiting} />`
      : !pages.nodes.length ? html`<${Empty} title=${`No trace names this ${noun}`} />`
      : html`${pages.nodes.map((trace) => html`<${Exchange} key=${trace.traceId} trace=${trace} />`)}<${ListEnd} pages=${pages} noun="trace" />`}
  </div>`;
}

function Exchange({ trace }) {
  const { input, output, errorInfo } = trace.rootSpan ?? { input: null, output: null, errorInfo: null };
  const asked = inputMessages(input);
  const answered = outputMessages(typeof output === "string" ? { text: output } : output);
  // Earlier turns come along with each call; the new one is the last.
  const messages = [...(asked?.slice(-1) ?? []), ...(answered ?? [])];
  return html`<article class="exchange" aria-label=${trace.name}>
    ${!asked && input !== null && html`<${JsonText} value=${input} />`}
    ${messages.length > 0 && html`<${Chat} messages=${messages} />`}
    ${!answered && output !== null && html`<${JsonText} value=${output} />`}
    ${errorInfo !== null && html`<${ErrorBox} info=${errorInfo} message=${null} />`}
    <p class="exchange-facts">
      <${Status} status=${trace.status} />
      <a href=${linkTo(["trace", trace.traceId])}>${trace.name}</a>
      <time dateTime=${trace.startedAt}>${dayOf(trace.startedAt)}, ${clockTime(trace.startedAt)}</time>
      <span>${trace.durationMs === null ? "running" : duration(trace.durationMs)}</span>
      <span>${plural(trace.spanCount, "span")}</span>
      ${trace.totalTokens !== null && html`<span>${short(trace.totalTokens)} tokens</span>`}
      ${trace.costUsd !== null && html`<span>${cost(trace.costUsd)}</span>`}
    </p>
  </article>`;
}
