"use strict";

// A tour of the server: one tab for each example operation. Addresses are relative to the page, so that it also works
// behind a proxy that adds a prefix.
async function start() {
  const answer = await fetch("playground/examples.json");
  const examples = await answer.json();
  const linked = linkedOperation();
  const element = React.createElement;
  const playground = element(
    GraphiQL,
    {
      fetcher: GraphiQL.createFetcher({ url: "graphql" }),
      plugins: [GraphiQLPluginExplorer.explorerPlugin({ showAttribution: false })],
      ...linked,
      defaultTabs: linked ? [linked, ...examples] : examples,
      defaultEditorToolsVisibility: "variables",
      inputValueDeprecation: true,
      shouldPersistHeaders: false,
    },
    element(
      GraphiQL.Logo,
      null,
      element("span", { className: "spanwell-name" }, element("img", { src: "playground/static/icon.svg", alt: "" }), "Spanwell"),
    ),
  );
  ReactDOM.createRoot(document.getElementById("playground")).render(playground);
}

// An operation that a link brings along: `playground#query=...&variables=...`. It becomes a tab, and is not run. It
// stands in the fragment, which is not sent to the server.
function linkedOperation() {
  const params = new URLSearchParams(location.hash.slice(1));
  return params.has("query") ? { query: params.get("query"), variables: params.get("variables") ?? "" } : null;
}

start().catch((error) => {
  document.getElementById("playground").textContent = `The playground could not start: ${error.message}`;
});
