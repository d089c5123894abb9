// Parts whose modules and styles come when they are first looked at, so that the first list waits for none of them.
import { html, useLayoutEffect, useState } from "../html.js";
import { Failure, Waiting } from "./notices.js";

/**
 * The module of each part, the component in it, and its style sheets.
 * @satisfies {Record<string, [() => Promise<any>, string, ...string[]]>}
 */
const PARTS = {
  filterBar: [() => import("../filter/filter-bar.js"), "FilterBar"],
  listTools: [() => import("../lists/list-tools.js"), "ListTools"],
  charts: [() => import("../charts/charts.js"), "Charts"],
  rowErrors: [() => import("../lists/row-errors.js"), "RowErrors"],
  listEnd: [() => import("../lists/list-end.js"), "ListEnd"],
  topTools: [() => import("../jump/top-tools.js"), "TopTools"],
  trace: [
    () => import("../trace/trace-page.js"),
    "TracePage",
    "../styles/trace.css",
    "../styles/details.css",
    "../styles/messages.css",
  ],
  services: [() => import("../services/services-page.js"), "ServicesPage", "../styles/services.css"],
  sessions: [() => import("../sessions/sessions-page.js"), "SessionsPage", "../styles/services.css"],
  conversation: [
    () => import("../sessions/conversation-page.js"),
    "ConversationPage",
    "../styles/services.css",
    "../styles/details.css",
    "../styles/messages.css",
  ],
  statistics: [() => import("../statistics/statistics-page.js"), "StatisticsPage", "../styles/statistics.css"],
  errors: [() => import("../statistics/errors-page.js"), "ErrorsPage", "../styles/statistics.css"],
  compare: [() => import("../compare/compare-page.js"), "ComparePage", "../styles/compare.css"],
  firstRun: [() => import("../lists/first-run.js"), "FirstRun", "../styles/dialogs.css"],
  jump: [() => import("../jump/jump-dialog.js"), "JumpDialog", "../styles/dialogs.css"],
  help: [() => import("../jump/help-dialog.js"), "HelpDialog", "../styles/dialogs.css"],
  query: [() => import("../query/query-dialog.js"), "QueryDialog"],
  lookup: [() => import("../jump/lookup-page.js"), "LookupPage"],
};

const loaded = {};

async function load(name) {
  const [get, component, ...styles] = PARTS[name];
  const [module] = await Promise.all([get(), ...styles.map(addSheet)]);
  loaded[name] = module[component];
}

/** How long what stands around a page waits for what one came for. */
const PATIENCE = 400;

/** @type {() => void} */
let release;

/** What one came for is painted, or takes long. @type {Promise<void>} */
export const isShown = new Promise((resolve) => {
  release = resolve;
  setTimeout(resolve, PATIENCE);
});

/** To be called when what one came for is in the document. */
export const tellShown = () => requestAnimationFrame(() => setTimeout(release));

/** Have all parts ready before they are asked for; what fails now is tried again then. */
export const loadParts = () => Promise.allSettled(Object.keys(PARTS).map(load));

/**
 * @param {{name: keyof typeof PARTS, waiting?: any, isBehind?: boolean}} props and those of the part; waiting: what
 *   stands there until it has come; isBehind: it stands around the page, which should wait for nothing of it
 */
export function Later({ name, waiting = html`<${Waiting} rows=${16} />`, isBehind = false, ...props }) {
  const [error, setError] = useState(null);
  const [, redraw] = useState(0);
  const get = () => {
    setError(null);
    const fail = () => setError(new Error("A part of this page did not arrive."));
    const ready = isBehind ? isShown.then(() => load(name)) : load(name);
    ready.then(() => redraw((last) => last + 1), fail);
    if (!isBehind) ready.then(tellShown, tellShown);
  };
  useLayoutEffect(() => {
    if (!loaded[name]) get();
  }, [name]);
  const Shown = loaded[name];
  if (Shown) return html`<${Shown} ...${props} />`;
  return error ? html`<${Failure} error=${error} retry=${get} />` : waiting;
}

const sheets = {};

function addSheet(name) {
  const { href } = new URL(name, import.meta.url);
  sheets[href] ??= new Promise((resolve, reject) => {
    const link = document.createElement("link");
    const onerror = () => {
      delete sheets[href];
      link.remove();
      reject(new Error(href));
    };
    document.head.append(Object.assign(link, { rel: "stylesheet", href, onload: resolve, onerror }));
  });
  return sheets[href];
}
