// Names GraphiQL's editors for screen readers, which it leaves to whoever shows it.

const NAMES = {
  ".graphiql-query-editor textarea": "Operation",
  ".graphiql-editor-tool .graphiql-editor:nth-child(1) textarea": "Variables",
  ".graphiql-editor-tool .graphiql-editor:nth-child(2) textarea": "Headers",
  ".graphiql-response textarea": "Answer",
};

export function nameEditors() {
  const unnamed = new Map(Object.entries(NAMES));
  const watch = new MutationObserver(() => {
    for (const [selector, name] of unnamed) {
      const editor = document.querySelector(selector);
      if (!editor) continue;
      editor.setAttribute("aria-label", name);
      unnamed.delete(selector);
    }
    if (!unnamed.size) watch.disconnect();
  });
  watch.observe(document.getElementById("playground"), { childList: true, subtree: true });
}
