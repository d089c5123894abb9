// Deletes the trace, once it has been confirmed.
import { html, useState } from "../html.js";
import { DELETE_TRACE } from "../api/documents.js";
import { request } from "../api/request.js";
import { plural } from "../format/numbers.js";
import { Dialog } from "../parts/dialog.js";
import { Icon } from "../parts/icons.js";
import { go } from "../state/address.js";
import { lastList } from "../state/use-address.js";
import { useRefusal } from "../api/use-refusal.js";

export function DeleteButton({ trace }) {
  const [isAsking, setAsking] = useState(false);
  const [error, setError] = useState(null);
  const refusal = useRefusal("DELETE");
  const remove = () =>
    request(DELETE_TRACE, { traceId: trace.traceId }).then(() => go(lastList(), { replace: true }), setError);
  if (refusal) return html`<p class="menu-note">${refusal}</p>`;
  return html`<button type="button" class="button quiet" onClick=${() => setAsking(true)}><${Icon} name="trash" />
    <span>Delete this trace</span></button>
    ${
      isAsking &&
      html`<${Dialog} label="Delete this trace" title="Delete this trace?" className="confirm"
        close=${() => setAsking(false)}>
      <p>${trace.name}, with ${plural(trace.spanCount, "span")}. This cannot be undone.</p>
      ${error && html`<p class="refusal" role="alert">${error.message}</p>`}
      <footer>
        <button type="button" class="button" onClick=${() => setAsking(false)}>Keep it</button>
        <button type="button" class="button danger" onClick=${remove}>Delete</button>
      </footer>
    <//>`
    }`;
}
