// What the visitor came for is asked while most of the page is still on its way: this module needs few others.
import { SPANS, TRACE, TRACES, firstPage, nextCursor, nextPage } from "./api/documents.js";
import { askAhead, isUntaken } from "./api/request.js";
import { readAddress } from "./state/address.js";
import { questionFilter, questionOrder, readQuestion } from "./state/question.js";

const LISTS = { traces: TRACES, spans: SPANS };

const { path, params } = readAddress();
const [view, id] = path;

if (view === "trace" && id) {
  askPages(firstPage(id));
} else if (view in LISTS) {
  const question = readQuestion(params);
  const variables = {
    filter: questionFilter(question, view),
    orderBy: questionOrder(question),
    first: 50,
    after: null,
  };
  // A stretch of time that ends now would end at another moment when the page asks.
  if (!question.period.range) askAhead(LISTS[view], variables);
}

/** Page after page, until the page itself goes on from there, which also shows what went wrong. */
function askPages(page) {
  const onText = (text) => {
    const after = nextCursor(text);
    if (after && isUntaken(TRACE, firstPage(id))) askPages(nextPage(id, after));
  };
  askAhead(TRACE, page, onText).catch(() => {});
}
