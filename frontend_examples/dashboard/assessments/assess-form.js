// Says of a span or a trace that it was good or bad, why, and what it scores.
import { html, useState } from "../html.js";
import { Icon } from "../parts/icons.js";
import { useRefusal } from "../api/use-refusal.js";
import { valueOf } from "./values.js";

export function AssessForm({ addScore, addFeedback }) {
  const [comment, setComment] = useState("");
  const [isScoring, setScoring] = useState(false);
  const refusal = useRefusal("INGEST");
  if (refusal) return html`<p class="menu-note">${refusal}</p>`;
  const said = comment.trim() ? { comment: comment.trim() } : {};
  const thumb = (value) => addFeedback({ name: "thumbs", value, ...said }).then(() => setComment(""));
  const score = (given) => addScore({ ...given, ...said }).then(() => setComment(""));
  return html`<div class="assess">
      <input aria-label="Comment" placeholder="A comment" value=${comment}
        onInput=${(event) => setComment(event.currentTarget.value)} />
      <button type="button" class="button" title="Good" aria-label="Good" onClick=${() => thumb(1)}><${Icon}
        name="up" /></button>
      <button type="button" class="button thumb-down" title="Bad" aria-label="Bad" onClick=${() => thumb(-1)}><${Icon}
        name="up" /></button>
      <button type="button" class="button" aria-expanded=${isScoring} onClick=${() => setScoring(!isScoring)}>Score…
      </button>
    </div>
    ${isScoring && html`<${ScoreForm} add=${score} />`}`;
}

function ScoreForm({ add }) {
  const submit = (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const { name, value } = form.elements;
    add({ name: name.value.trim(), ...valueOf(value.value) }).then(() => form.reset());
  };
  return html`<form class="assess" onSubmit=${submit}>
    <input name="name" required aria-label="Name of the score" placeholder="relevancy" />
    <input name="value" required aria-label="Value" placeholder="0.8, yes, or text" />
    <button type="submit" class="button">Add score</button>
  </form>`;
}
