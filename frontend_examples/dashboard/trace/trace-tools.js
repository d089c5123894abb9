// What can be done with a waterfall: search, walk the matches and the failures, fold, zoom.
import { html } from "../html.js";
import { Icon } from "../parts/icons.js";

export function TraceTools({ search, selected, inputRef, isZoomed, resetZoom, collapseAll, expandAll, failed, nextFailed, isCriticalShown, showCritical, children }) {
  const onKeyDown = (event) => {
    if (event.key === "Enter") search.step(selected, event.shiftKey ? -1 : 1);
    if (event.key === "Escape") search.setText("");
  };
  return html`<div class="trace-tools" role="toolbar" aria-label="Waterfall tools">
    <div class="find" role="search">
      <${Icon} name="search" />
      <input ref=${inputRef} type="search" aria-label="Search in this trace" placeholder="Search in this trace" value=${search.text}
        onInput=${(event) => search.setText(event.currentTarget.value)} onKeyDown=${onKeyDown} />
      <output class="find-count">${foundWords(search, selected)}</output>
    </div>
    ${failed > 0 && html`<button type="button" class="button" onClick=${nextFailed}><${Icon} name="cross" /><span>Next failure</span></button>`}
    <button type="button" class="button" aria-pressed=${isCriticalShown} onClick=${() => showCritical(!isCriticalShown)}>
      <i class="critical-key" /><span>Critical path</span>
    </button>
    <button type="button" class="button" onClick=${collapseAll}>Fold</button>
    <button type="button" class="button" onClick=${expandAll}>Unfold</button>
    ${isZoomed && html`<button type="button" class="button" onClick=${resetZoom}>Reset zoom</button>`}
    ${children}
  </div>`;
}

function foundWords({ text, found, isWaiting }, selected) {
  if (!text.trim()) return "";
  if (isWaiting) return "…";
  const index = found.list.findIndex((node) => node.span.spanId === selected);
  if (!found.list.length) return "nothing found";
  return index < 0 ? `${found.list.length} found` : `${index + 1} of ${found.list.length}`;
}
