// Pages whose modules come when they are first looked at, so that the first list waits for none of them.
import { html, useEffect, useState } from "../html.js";
import { Failure, Waiting } from "./notices.js";

const MODULES = {
  trace: () => import("../trace/trace-page.js").then(({ TracePage }) => TracePage),
  services: () => import("../services/services-page.js").then(({ ServicesPage }) => ServicesPage),
  sessions: () => import("../sessions/sessions-page.js").then(({ SessionsPage }) => SessionsPage),
  conversation: () => import("../sessions/conversation-page.js").then(({ ConversationPage }) => ConversationPage),
};

const loaded = {};

const load = async (name) => (loaded[name] ??= await MODULES[name]());

/** Have all pages ready before they are asked for; what fails now is tried again then. */
export const loadPages = () => Promise.allSettled(Object.keys(MODULES).map(load));

/** @param {{name: keyof typeof MODULES}} props and those of the page */
export function LaterPage({ name, ...props }) {
  const [error, setError] = useState(null);
  const [, redraw] = useState(0);
  const get = () => {
    setError(null);
    load(name).then(() => redraw((last) => last + 1), () => setError(new Error("A part of this page did not arrive.")));
  };
  useEffect(() => {
    if (!loaded[name]) get();
  }, [name]);
  const Shown = loaded[name];
  if (Shown) return html`<${Shown} ...${props} />`;
  return error ? html`<${Failure} error=${error} retry=${get} />` : html`<${Waiting} rows=${16} />`;
}
