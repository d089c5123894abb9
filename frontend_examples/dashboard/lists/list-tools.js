// What can be done with a list: follow it, order it, choose columns, keep it as a view, hand it over, ask it anew.
import { html } from "../html.js";
import { CopyButton } from "../parts/copy-button.js";
import { download } from "../parts/download.js";
import { DownloadButton } from "../parts/download-button.js";
import { Icon } from "../parts/icons.js";
import { Menu } from "../parts/menu.js";
import { QueryButton } from "../query/query-button.js";
import { compareLink } from "../state/compare-link.js";
import { isNarrowed } from "../state/question.js";
import { sharedLink } from "../state/shared-link.js";
import { useLive } from "../state/use-live.js";
import { COLUMNS, isDense, setDense, shownColumns, toggleColumn } from "./columns.js";
import { DeleteTraces } from "./delete-traces.js";
import { LiveButton } from "./live-button.js";
import { SavedViews } from "./saved-views.js";

const ORDERS = {
  "": "Newest first",
  "STARTED_AT ASC": "Oldest first",
  DURATION: "Slowest first",
  "DURATION ASC": "Fastest first",
  ERROR_COUNT: "Most errors first",
  SPAN_COUNT: "Most spans first",
  TOTAL_TOKENS: "Most tokens first",
  COST: "Costliest first",
};

const ordersOf = (subject) =>
  Object.entries(ORDERS).filter(([name]) => subject === "traces" || !["ERROR_COUNT", "SPAN_COUNT"].includes(name));

/** @param {any} props isEmpty: there is nothing at all yet; onChange: called when something has come */
export function ListTools({ subject, question, change, pages, isEmpty, onChange, reload, query, variables }) {
  const live = useLive(subject, {
    isOn: question.live || isEmpty,
    filter: variables.filter,
    isNewestFirst: !question.order,
    setNodes: pages.setNodes,
    reload: pages.reload,
    onChange,
    onJoin: pages.reload,
  });
  const orders = ordersOf(subject);
  const isKnown = orders.some(([name]) => name === question.order);
  return html`<div class="list-tools">
    <${LiveButton} state=${live} isOn=${question.live} toggle=${() => change({ live: !question.live })} />
    <label class="select">
      <span class="unseen">Order</span>
      <select value=${question.order} onChange=${(event) => change({ order: event.currentTarget.value })}>
        ${orders.map(([name, label]) => html`<option key=${name} value=${name}>${label}</option>`)}
        ${!isKnown && html`<option value=${question.order}>By a column</option>`}
      </select>
    </label>
    <a class="button" href=${compareLink(question, subject)} title="What these have in common that others do not">
      <${Icon} name="compare" /><span>Compare</span></a>
    <${QueryButton} query=${query} variables=${{ ...variables, first: 50 }} />
    <${SavedViews} />
    <${Menu} label="More" icon="more">
      <${CopyButton} quiet=${true} icon="link" text=${() => sharedLink(question)} label="Copy link" />
      <${Downloads} subject=${subject} variables=${variables} />
      ${subject === "traces" && isNarrowed(question) && html`<${DeleteTraces} question=${question} reload=${reload} />`}
      <${ColumnChoice} subject=${subject} />
    <//>
    <button type="button" class="button" aria-label="Refresh" title="Refresh" onClick=${reload}><${Icon}
      name="refresh" /></button>
  </div>`;
}

const FORMATS = { jsonl: "JSON lines", csv: "CSV", parquet: "Parquet" };

/** All that meets the filter, in the order of the list, with all fields. */
function Downloads({ subject, variables }) {
  const question = (format) => ({ ...variables, records: subject, format });
  return Object.entries(FORMATS).map(
    ([format, label]) => html`<${DownloadButton} key=${format} label=${`Download ${label}`}
      start=${() => download(question(format), subject)} />`,
  );
}

function ColumnChoice({ subject }) {
  const redraw = () => dispatchEvent(new Event("hashchange"));
  const shown = shownColumns(subject);
  const toggle = (id) => {
    toggleColumn(subject, id);
    redraw();
  };
  return html`<fieldset class="menu-choice">
    <legend>Columns</legend>
    ${COLUMNS[subject].map(
      (column) => html`<label key=${column.id}><input type="checkbox" checked=${shown.includes(column)}
        onChange=${() => toggle(column.id)} /> ${column.label}</label>`,
    )}
    <label class="menu-dense"><input type="checkbox" checked=${isDense()} onChange=${(event) => {
      setDense(event.currentTarget.checked);
      redraw();
    }} /> Dense rows</label>
  </fieldset>`;
}
