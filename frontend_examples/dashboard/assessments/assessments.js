// What scorers found and people said of a span or a trace; and a place to say so.
import { html } from "../html.js";
import { ago, momentWords } from "../format/times.js";
import { Icon } from "../parts/icons.js";
import { codes } from "../parts/notices.js";
import { linkTo } from "../state/address.js";
import { useRefusal } from "../api/use-refusal.js";
import { AssessForm } from "./assess-form.js";
import { useAssessments } from "./use-assessments.js";
import { valueWords } from "./values.js";

/** @param {{traceId: string, spanId?: string | null}} props without a span: the trace, and all its spans */
export function Assessments({ traceId, spanId = null }) {
  const { list, error, addScore, addFeedback, remove } = useAssessments(traceId, spanId);
  return html`<div class="assessments">
    ${
      list.length > 0 &&
      html`<ul aria-label="Scores and feedback">${list.map(
        (assessment) => html`<${Item} key=${`${assessment.kind}-${assessment.id}`} assessment=${assessment}
          link=${spanId === null && assessment.spanId ? linkTo(["trace", traceId], { span: assessment.spanId }) : null}
          remove=${() => remove(assessment)} />`,
      )}</ul>`
    }
    ${error && html`<p class="refusal" role="alert">${codes(error.message)}</p>`}
    <${AssessForm} addScore=${addScore} addFeedback=${addFeedback} />
  </div>`;
}

function Item({ assessment, link, remove }) {
  const { name, comment, source, timestamp, scorer, userId } = assessment;
  const refusal = useRefusal("DELETE");
  const from = [scorer ?? source, userId].filter(Boolean).join(", ");
  return html`<li>
    <strong>${name}</strong> <span class="assessment-value">${valueWords(assessment)}</span>
    <small title=${momentWords(timestamp)}>${from && `${from}, `}${ago(timestamp)}${
      link && html`, <a href=${link}>of a span</a>`
    }</small>
    ${
      !refusal &&
      html`<button type="button" class="button quiet" aria-label=${`Delete: ${name}`} title="Delete"
        onClick=${remove}><${Icon} name="trash" /></button>`
    }
    ${comment && html`<p>${comment}</p>`}
  </li>`;
}
