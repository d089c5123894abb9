// What scorers found and people said of the trace and its spans, in a dialog.
import { html, useState } from "../html.js";
import { Assessments } from "./assessments.js";
import { Dialog } from "../parts/dialog.js";
import { Icon } from "../parts/icons.js";

export function AssessButton({ traceId }) {
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  return html`<button type="button" class="button quiet" aria-haspopup="dialog" onClick=${() => setOpen(true)}><${Icon}
      name="up" /><span>Scores…</span></button>
    ${
      isOpen &&
      html`<${Dialog} label="Scores and feedback" title="Scores and feedback" className="assess-dialog" close=${close}>
      <${Assessments} traceId=${traceId} />
    <//>`
    }`;
}
