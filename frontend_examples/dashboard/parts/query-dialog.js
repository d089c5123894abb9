// The GraphQL that this page sends, to copy or to try in the playground.
import { html, useEffect, useRef, useState } from "../html.js";
import { Icon } from "./icons.js";

/** A button that opens the dialog. `query` and `variables` are what is sent. */
export function QueryButton({ query, variables, quiet = false }) {
  const [open, setOpen] = useState(false);
  return html`<button type="button" class=${quiet ? "button quiet" : "button"} aria-haspopup="dialog" onClick=${() => setOpen(true)}>
      <${Icon} name="code" /><span>GraphQL</span>
    </button>
    ${open && html`<${QueryDialog} query=${query} variables=${variables} close=${() => setOpen(false)} />`}`;
}

function QueryDialog({ query, variables, close }) {
  const dialog = useRef(null);
  useEffect(() => dialog.current.showModal(), []);
  const values = JSON.stringify(clean(variables), null, 2);
  return html`<dialog class="query-dialog" aria-label="GraphQL of this page" ref=${dialog} onClose=${close}>
    <header>
      <h2>The query behind this page</h2>
      <button type="button" class="button quiet" aria-label="Close" onClick=${() => dialog.current.close()}>
        <${Icon} name="cross" />
      </button>
    </header>
    <div class="query-texts">
      <pre tabindex="0" aria-label="Query">${query}</pre>
      <pre tabindex="0" aria-label="Variables">${values}</pre>
    </div>
    <footer>
      <${CopyButton} text=${query} label="Copy query" />
      <${CopyButton} text=${values} label="Copy variables" />
      <a class="button primary" href=${playgroundLink(query, values)} target="_blank" rel="noopener">
        <${Icon} name="open" /><span>Open in playground</span>
      </a>
    </footer>
  </dialog>`;
}

export function CopyButton({ text, label, quiet = false }) {
  const [said, setSaid] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("Copied");
    } catch {
      setSaid("Could not copy");
    }
    setTimeout(() => setSaid(""), 1600);
  };
  return html`<button type="button" class=${quiet ? "button quiet" : "button"} onClick=${copy}>
    <${Icon} name=${said === "Copied" ? "check" : "copy"} /><span aria-live="polite">${said || label}</span>
  </button>`;
}

export const playgroundLink = (query, variables) => `playground#${new URLSearchParams({ query, variables })}`;

const clean = (variables) => JSON.parse(JSON.stringify(variables));
