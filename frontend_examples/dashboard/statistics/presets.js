// Questions that are asked every week, one click each.
import { html } from "../html.js";

const PRESETS = [
  { label: "Cost by agent and model", subject: "spans", groups: ["agent.entityName", "model"], measure: "COST" },
  { label: "Tokens by user", subject: "traces", groups: ["userId"], measure: "TOTAL_TOKENS" },
  { label: "Failures by service", subject: "spans", groups: ["serviceName"], measure: "ERROR_COUNT" },
  { label: "Slowest operations", subject: "spans", groups: ["serviceName", "name"], measure: "DURATION_P95" },
  { label: "Latency of models", subject: "spans", groups: ["model"], measure: "DURATION_P95" },
];

export function Presets({ view, show }) {
  const isShown = ({ subject, groups, measure }) =>
    subject === view.subject && measure === view.measure && groups.join() === view.groups.join();
  return html`<div class="presets" role="group" aria-label="Usual questions">
    ${PRESETS.map(
      ({ label, ...preset }) => html`<button type="button" class="button" key=${label} aria-pressed=${isShown(preset)}
        onClick=${() => show(preset)}>${label}</button>`,
    )}
  </div>`;
}
