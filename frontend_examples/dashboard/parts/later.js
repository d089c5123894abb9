// Parts whose modules and styles come when they are first looked at, so that the first list waits for none of them.
import { html, useLayoutEffect, useState } from "../html.js";
import { Failure, Waiting } from "./notices.js";

const PARTS = {
  filterBar: () => import("../filter/filter-bar.js").then(({ FilterBar }) => FilterBar),
  listTools: () => import("../lists/list-tools.js").then(({ ListTools }) => ListTools),
  charts: () => import("../charts/chart-row.js").then(({ ChartRow }) => ChartRow),
  trace: () =>
    styled(
      import("../trace/trace-page.js"),
      "dashboard/styles/trace.css",
      "dashboard/styles/details.css",
      "dashboard/styles/messages.css",
    ).then(({ TracePage }) => TracePage),
  services: () =>
    styled(import("../services/services-page.js"), "dashboard/styles/services.css").then(
      ({ ServicesPage }) => ServicesPage,
    ),
  sessions: () =>
    styled(import("../sessions/sessions-page.js"), "dashboard/styles/services.css").then(
      ({ SessionsPage }) => SessionsPage,
    ),
  conversation: () =>
    styled(
      import("../sessions/conversation-page.js"),
      "dashboard/styles/services.css",
      "dashboard/styles/details.css",
      "dashboard/styles/messages.css",
    ).then(({ ConversationPage }) => ConversationPage),
  statistics: () =>
    styled(import("../statistics/statistics-page.js"), "dashboard/styles/statistics.css").then(
      ({ StatisticsPage }) => StatisticsPage,
    ),
  errors: () =>
    styled(import("../statistics/errors-page.js"), "dashboard/styles/statistics.css").then(
      ({ ErrorsPage }) => ErrorsPage,
    ),
  compare: () =>
    styled(import("../compare/compare-page.js"), "dashboard/styles/compare.css").then(({ ComparePage }) => ComparePage),
  firstRun: () =>
    styled(import("../lists/first-run.js"), "dashboard/styles/dialogs.css").then(({ FirstRun }) => FirstRun),
  jump: () =>
    styled(import("../jump/jump-dialog.js"), "dashboard/styles/dialogs.css").then(({ JumpDialog }) => JumpDialog),
  help: () =>
    styled(import("../jump/help-dialog.js"), "dashboard/styles/dialogs.css").then(({ HelpDialog }) => HelpDialog),
  query: () => import("../query/query-dialog.js").then(({ QueryDialog }) => QueryDialog),
  lookup: () => import("../jump/lookup-page.js").then(({ LookupPage }) => LookupPage),
};

const loaded = {};

const load = async (name) => (loaded[name] ??= await PARTS[name]());

/** Have all parts ready before they are asked for; what fails now is tried again then. */
export const loadParts = () => Promise.allSettled(Object.keys(PARTS).map(load));

/**
 * @param {{name: keyof typeof PARTS, waiting?: any}} props and those of the part; waiting: what stands there until
 *   it has
 *   come
 */
export function Later({ name, waiting = html`<${Waiting} rows=${16} />`, ...props }) {
  const [error, setError] = useState(null);
  const [, redraw] = useState(0);
  const get = () => {
    setError(null);
    const fail = () => setError(new Error("A part of this page did not arrive."));
    load(name).then(() => redraw((last) => last + 1), fail);
  };
  useLayoutEffect(() => {
    if (!loaded[name]) get();
  }, [name]);
  const Shown = loaded[name];
  if (Shown) return html`<${Shown} ...${props} />`;
  return error ? html`<${Failure} error=${error} retry=${get} />` : waiting;
}

/** A module, once its style sheets are there as well. */
const styled = (module, ...styles) => Promise.all([module, ...styles.map(addSheet)]).then(([part]) => part);

const sheets = {};

function addSheet(href) {
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
