// The rows of a list: a table to screen readers, cards on a phone. Its heads sort it.
import { html } from "../html.js";
import { hueOf } from "../format/hues.js";
import { linkTo } from "../state/address.js";
import { Status } from "../parts/status.js";
import { isDense, shownColumns } from "./columns.js";

const SUBJECTS = {
  traces: {
    label: "Traces",
    head: "Trace",
    key: ({ traceId }) => traceId,
    link: ({ traceId }) => linkTo(["trace", traceId]),
    Below: Services,
    hasError: ({ errorCount }) => errorCount > 0,
  },
  spans: {
    label: "Spans",
    head: "Span",
    key: ({ traceId, spanId }) => `${traceId}/${spanId}`,
    link: ({ traceId, spanId }) => linkTo(["trace", traceId], { span: spanId }),
    Below: SpanContext,
    hasError: () => false,
  },
};

/** As many as a screen shows are drawn first, the others right after. */
const FIRST = Math.max(8, Math.ceil(innerHeight / 56) - 4);

/**
 * @param {{subject: "traces" | "spans", nodes: any[], order: string, sort: Function, errors: Map<string, any>,
 *   isWhole: boolean, children: any}} props isWhole: more than a screen's rows; children: what follows them
 */
export function Rows({ subject, nodes, order, sort, errors, isWhole, children }) {
  const { label, head, key } = SUBJECTS[subject];
  const columns = shownColumns(subject);
  const list = { longest: Math.max(0, ...nodes.map(({ durationMs }) => durationMs ?? 0)) };
  const widths = `minmax(220px, 1fr) ${columns.map(({ width }) => width).join(" ")}`;
  return html`<div class=${`rows ${subject.slice(0, -1)}-rows ${isDense() ? "is-dense" : ""}`} role="table"
    aria-label=${label}
    style=${{ "--columns": widths }}>
    <div class="row row-head" role="row">
      <span role="columnheader">${head}</span>
      ${columns.map((column) => html`<${Head} key=${column.id} column=${column} order=${order} sort=${sort} />`)}
    </div>
    ${(isWhole ? nodes : nodes.slice(0, FIRST)).map(
      (node) => html`<${Row} key=${key(node)} subject=${subject} node=${node} columns=${columns} list=${list}
        error=${errors.get(key(node))} />`,
    )}
  </div>
  ${isWhole && children}`;
}

function Head({ column, order, sort }) {
  const [field = "", direction = "DESC"] = (order || "STARTED_AT").split(" ");
  const isSorted = Boolean(column.order) && field === column.order;
  const arrow = isSorted ? (direction === "ASC" ? "ascending" : "descending") : "none";
  const align = column.isNumber ? "is-number" : "";
  if (!column.order) return html`<span role="columnheader" class=${align}>${column.label}</span>`;
  const next = isSorted && direction === "DESC" ? `${column.order} ASC` : column.order;
  return html`<span role="columnheader" class=${align} aria-sort=${arrow}>
    <button type="button" class=${`sort is-${arrow}`} title=${`Sort by ${column.label.toLowerCase()}`}
      onClick=${() => sort(next === "STARTED_AT" ? "" : next)}>${column.label}</button>
  </span>`;
}

function Row({ subject, node, columns, list, error }) {
  const { link, Below, hasError } = SUBJECTS[subject];
  return html`<div class=${`row ${node.isNew ? "row-new" : ""}`} role="row">
    <div class="cell-name" role="cell">
      <${Status} status=${node.status} hasError=${hasError(node)} />
      <div>
        <a class="row-link" href=${link(node)}>${node.name.trim() || "(no name)"}</a>
        <${Below} node=${node} />
        ${error && html`<span class="row-error" title=${error}>${error}</span>`}
      </div>
    </div>
    ${columns.map((column) => column.cell(node, list))}
  </div>`;
}

const SHOWN = 3;

function Services({ node }) {
  const first = node.services.includes(node.serviceName) ? [node.serviceName] : [];
  const services = [...first, ...node.services.filter((name) => name !== node.serviceName)];
  const rest = services.slice(SHOWN);
  return html`<span class="services">
    ${services.slice(0, SHOWN).map((name) => html`<${Service} name=${name} key=${name} />`)}
    ${rest.length > 0 && html`<span class="service-more" title=${rest.join(", ")}>+${rest.length}</span>`}
  </span>`;
}

function SpanContext({ node }) {
  return html`<span class="services">
    ${node.serviceName && html`<${Service} name=${node.serviceName} />`}
    ${node.model && html`<span class="model">${node.model}</span>`}
  </span>`;
}

const Service = ({ name }) => html`<span class=${`service ${hueOf(name)}`}><i />${name}</span>`;
