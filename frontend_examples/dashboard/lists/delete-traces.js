// Deletes the traces of a list: says first how many there are, and deletes until none is left of them.
import { html, useState } from "../html.js";
import { DELETE_TRACES } from "../api/documents.js";
import { request } from "../api/request.js";
import { count, plural } from "../format/numbers.js";
import { Dialog } from "../parts/dialog.js";
import { Icon } from "../parts/icons.js";
import { codes } from "../parts/notices.js";
import { boundedFilter } from "../state/question.js";
import { useQuery } from "../state/use-query.js";
import { useRefusal } from "../api/use-refusal.js";

export function DeleteTraces({ question, reload }) {
  const [filter, setFilter] = useState(null);
  const refusal = useRefusal("DELETE");
  // What began after the question is not meant.
  const ask = () => setFilter(boundedFilter(question, "traces"));
  if (refusal) return html`<p class="menu-note">${refusal}</p>`;
  return html`<button type="button" class="button quiet" onClick=${ask}><${Icon} name="trash" />
    <span>Delete these traces…</span></button>
    ${filter && html`<${Confirm} filter=${filter} close=${() => setFilter(null)} reload=${reload} />`}`;
}

function Confirm({ filter, close, reload }) {
  const { data, error } = useQuery(DELETE_TRACES, { filter, dryRun: true });
  const [deleted, setDeleted] = useState(null);
  const [failure, setFailure] = useState(null);
  const found = data?.deleteTraces;
  const remove = () =>
    deleteAll(filter, setDeleted).then(() => {
      reload();
      close();
    }, setFailure);
  const refused = failure ?? error;
  return html`<${Dialog} label="Delete these traces" title="Delete all traces of this list?" className="confirm"
    close=${close}>
    <p role="status">${
      deleted !== null
        ? `${count(deleted)} of ${count(found.matchedTraceCount)} deleted…`
        : found
          ? `${plural(found.matchedTraceCount, "trace")}, with ${plural(found.matchedSpanCount, "span")}${
              found.hasMore ? " and more" : ""
            }, also those that the list does not show yet. This cannot be undone.`
          : !refused && "Counting…"
    }</p>
    ${refused && html`<p class="refusal" role="alert">${codes(refused.message)}</p>`}
    <footer>
      <button type="button" class="button" onClick=${close}>Keep them</button>
      <button type="button" class="button danger" disabled=${!found?.matchedTraceCount || deleted !== null}
        onClick=${remove}>Delete${found ? ` ${plural(found.matchedTraceCount, "trace")}` : ""}</button>
    </footer>
  <//>`;
}

/** One request deletes as much as its time allows. */
async function deleteAll(filter, tell) {
  let deleted = 0;
  tell(0);
  for (;;) {
    const { deleteTraces } = await request(DELETE_TRACES, { filter, dryRun: false });
    deleted += deleteTraces.deletedTraceCount;
    tell(deleted);
    if (!deleteTraces.hasMore) return;
  }
}
