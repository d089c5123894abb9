// What can be done with a trace: search, walk the matches and the failures, fold, zoom, and look at it in other ways.
import { html } from "../html.js";
import { Icon } from "../parts/icons.js";
import { Menu } from "../parts/menu.js";

const VIEWS = { waterfall: "Waterfall", flame: "Flame graph", names: "By name", agents: "Agents" };

export function TraceTools(props) {
  const { search, selected, inputRef, view, setView, hasAgents, isZoomed, resetZoom, shown } = props;
  const { failed, nextFailed, isCriticalShown, showCritical, children } = props;
  const onKeyDown = (event) => {
    if (event.key === "Enter") search.step(selected, event.shiftKey ? -1 : 1);
    if (event.key === "Escape") search.setText("");
  };
  const views = Object.entries(VIEWS).filter(([name]) => name !== "agents" || hasAgents);
  const isWaterfall = view === "waterfall";
  return html`<div class="trace-tools" role="toolbar" aria-label="Trace tools">
    <div class="find" role="search">
      <${Icon} name="search" />
      <input ref=${inputRef} type="search" aria-label="Search in this trace" placeholder="Search in this trace"
        value=${search.text}
        onInput=${(event) => search.setText(event.currentTarget.value)} onKeyDown=${onKeyDown} />
      <output class="find-count">${foundWords(search, selected)}</output>
    </div>
    ${
      search.text.trim() &&
      isWaterfall &&
      html`<button type="button" class="button" aria-pressed=${shown.isFiltered}
      onClick=${() => shown.setFiltered(!shown.isFiltered)}>Matches only</button>`
    }
    ${
      failed > 0 &&
      html`<button type="button" class="button" onClick=${nextFailed}><${Icon} name="cross" />
      <span>Next failure</span></button>`
    }
    <label class="select"><span class="unseen">View</span>
      <select value=${view} onChange=${(event) => setView(event.currentTarget.value)}>
        ${views.map(([name, label]) => html`<option key=${name} value=${name}>${label}</option>`)}
      </select>
    </label>
    ${
      isWaterfall &&
      html`
      <button type="button" class="button" aria-pressed=${isCriticalShown}
        onClick=${() => showCritical(!isCriticalShown)}>
        <i class="critical-key" /><span>Critical path</span>
      </button>
      <button type="button" class="button" onClick=${shown.fold}>Fold</button>
      <button type="button" class="button" onClick=${shown.unfold}>Unfold</button>
      ${
        shown.hasGroups &&
        html`<${Menu} label="Like siblings" icon="flame">
        <label class="menu-dense"><input type="checkbox" checked=${shown.isGrouped}
          onChange=${(event) => shown.setGrouped(event.currentTarget.checked)} />
          Like siblings as one row</label>
      <//>`
      }`
    }
    ${isZoomed && isWaterfall && html`<button type="button" class="button" onClick=${resetZoom}>Reset zoom</button>`}
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
