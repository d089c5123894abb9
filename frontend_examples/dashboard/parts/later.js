// Parts whose modules and styles come when they are first looked at, so that the first list waits for none of them.
import { html, useLayoutEffect, useState } from "../html.js";
import { Failure, Waiting } from "./notices.js";

const PARTS = {
  charts: () => import("../charts/chart-row.js").then(({ ChartRow }) => ChartRow),
  trace: () => styled(import("../trace/trace-page.js"), "dashboard/styles/trace.css", "dashboard/styles/details.css").then(({ TracePage }) => TracePage),
  services: () => styled(import("../services/services-page.js"), "dashboard/styles/services.css").then(({ ServicesPage }) => ServicesPage),
  sessions: () => styled(import("../sessions/sessions-page.js"), "dashboard/styles/services.css").then(({ SessionsPage }) => SessionsPage),
  conversation: () =>
    styled(import("../sessions/conversation-page.js"), "dashboard/styles/services.css", "dashboard/styles/details.css").then(({ ConversationPage }) => ConversationPage),
};

const loaded = {};

const load = async (name) => (loaded[name] ??= await PARTS[name]());

/** Have all parts ready before they are asked for; what fails now is tried again then. */
export const loadParts = () => Promise.allSettled(Object.keys(PARTS).map(load));

/** @param {{name: keyof typeof PARTS, waiting?: any}} props and those of the part; waiting: what stands there until it has come */
export function Later({ name, waiting = html`<${Waiting} rows=${16} />`, ...props }) {
  const [error, setError] = useState(null);
  const [, redraw] = useState(0);
  const get = () => {
    setError(null);
    load(name).then(() => redraw((last) => last + 1), () => setError(new Error("A part of this page did not arrive.")));
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

const addSheet = (href) =>
  (sheets[href] ??= new Promise((resolve, reject) => {
    const link = document.createElement("link");
    const onerror = () => (delete sheets[href], link.remove(), reject(new Error(href)));
    document.head.append(Object.assign(link, { rel: "stylesheet", href, onload: resolve, onerror }));
  }));
