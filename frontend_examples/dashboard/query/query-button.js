// A button that opens the GraphQL of a page, whose dialog comes when it is wanted.
import { html, useState } from "../html.js";
import { Icon } from "../parts/icons.js";
import { Later } from "../parts/later.js";

/** `query` and `variables` are what is sent. */
export function QueryButton({ query, variables, quiet = false }) {
  const [isOpen, setOpen] = useState(false);
  return html`<button type="button" class=${quiet ? "button quiet" : "button"} aria-haspopup="dialog"
    onClick=${() => setOpen(true)}>
      <${Icon} name="code" /><span>GraphQL</span>
    </button>
    ${
      isOpen &&
      html`<${Later} name="query" waiting=${null} query=${query} variables=${variables}
        close=${() => setOpen(false)} />`
    }`;
}
