// Whether spans are compared, or traces.
import { html } from "../html.js";

export const SubjectSwitch = ({ subject, link }) =>
  html`<nav class="switch" aria-label="What is compared">
    ${["spans", "traces"].map(
      (name) => html`<a key=${name} aria-current=${name === subject ? "true" : null}
        href=${link({}, name)}>${name === "spans" ? "Spans" : "Traces"}</a>`,
    )}
  </nav>`;
