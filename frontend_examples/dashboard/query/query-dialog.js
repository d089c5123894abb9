// The GraphQL that this page sends: to copy, also for a shell or a program, or to try in the playground.
import { html } from "../html.js";
import { CopyButton } from "../parts/copy-button.js";
import { Dialog } from "../parts/dialog.js";
import { Icon } from "../parts/icons.js";

/** `query` and `variables` are what is sent. */
export function QueryDialog({ query, variables, close }) {
  const values = JSON.stringify(variables, null, 2);
  return html`<${Dialog} label="GraphQL of this page" title="The query behind this page" className="query-dialog"
    close=${close}>
    <div class="query-texts">
      <pre tabindex="0" aria-label="Query">${query}</pre>
      <pre tabindex="0" aria-label="Variables">${values}</pre>
    </div>
    <footer>
      <${CopyButton} text=${query} label="Copy query" />
      <${CopyButton} text=${values} label="Copy variables" />
      <${CopyButton} text=${() => asCurl(query, variables)} label="Copy as curl" />
      <${CopyButton} text=${() => asPython(query, variables)} label="Copy as Python" />
      <a class="button primary" href=${playgroundLink(query, values)} target="_blank" rel="noopener">
        <${Icon} name="open" /><span>Open in playground</span>
      </a>
    </footer>
  <//>`;
}

export const graphqlAddress = () => new URL("graphql", document.baseURI).href;

export const playgroundLink = (query, variables) => `playground#${new URLSearchParams({ query, variables })}`;

/** A command for a shell; quotes within the body end the text, add one, and begin it again. */
export function asCurl(query, variables, address = graphqlAddress()) {
  const body = JSON.stringify({ query, variables }).replaceAll("'", String.raw`'\''`);
  return `curl ${address} \\\n  -H 'content-type: application/json' \\\n  -d '${body}'`;
}

/** A program that needs nothing but Python. */
export function asPython(query, variables, address = graphqlAddress()) {
  return [
    "import json",
    "import urllib.request",
    "",
    `body = json.loads(${JSON.stringify(JSON.stringify({ query, variables }))})`,
    "request = urllib.request.Request(",
    `    ${JSON.stringify(address)},`,
    "    json.dumps(body).encode(),",
    '    {"content-type": "application/json"},',
    ")",
    "with urllib.request.urlopen(request) as response:",
    "    print(json.dumps(json.load(response), indent=2))",
    "",
  ].join("\n");
}
