// A tour of the server: one tab for each example operation. Addresses are relative to the page, so that it also works
// behind a proxy that adds a prefix.
import { asker } from "./fetcher.js";
import { nameEditors } from "./labels.js";
import { Token, tokenPlugin } from "./token.js";

// GraphiQL's dialogs add a style element of their own; the page's policy admits it by this word.
window.__webpack_nonce__ = document.querySelector("script[nonce]").nonce;

// Another page can hand over an operation: `playground#query=…&variables=…`. What follows # is sent to no server.
function operationOfAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  const query = given.get("query");
  return query ? { query, variables: given.get("variables") ?? undefined } : undefined;
}

async function start() {
  const answer = await fetch("playground/examples.json");
  const tour = await answer.json();
  const given = operationOfAddress();
  const token = new Token();
  const element = React.createElement;
  const unchanging = {
    ...given,
    defaultTabs: given ? [given, ...tour] : tour,
    plugins: [GraphiQLPluginExplorer.explorerPlugin({ showAttribution: false }), tokenPlugin(token)],
    defaultEditorToolsVisibility: "variables",
    inputValueDeprecation: true,
    shouldPersistHeaders: false,
  };
  const logo = element(
    GraphiQL.Logo,
    null,
    element(
      "a",
      { className: "graphiql-logo-link spanwell-name", href: "./", "aria-label": "Spanwell, all traces" },
      element("img", { src: "playground/static/icon.svg", alt: "" }),
      "Spanwell",
    ),
  );
  // GraphiQL remembers its tabs: the address is left clean, so that a reload does not add the operation again.
  if (given) history.replaceState(null, "", location.pathname);
  const root = ReactDOM.createRoot(document.getElementById("playground"));
  // GraphiQL asks for the schema anew whenever its fetcher is another: with another token the server may say more.
  const show = () => root.render(element(GraphiQL, { ...unchanging, fetcher: asker("graphql", token) }, logo));
  token.onChange = show;
  show();
  nameEditors();
}

start().catch((error) => {
  document.getElementById("playground").textContent = `The playground could not start: ${error.message}`;
});
