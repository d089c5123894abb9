// The address as state: a page that shows it is drawn anew when it changes. And the title of the page, which tells tabs
// and the history of a browser apart.
import { useEffect, useLayoutEffect, useState } from "../html.js";
import { linkTo, readAddress } from "./address.js";

const last = { list: "#/traces", length: 0 };

/** The list that was last seen, with its filter: where a trace leads back to. */
export const lastList = () => last.list;

/** Go back to the last list: as one step of the history where that is all it takes, so that the list is as it was. */
export function backToList(event) {
  if (history.length !== last.length + 1) return;
  event.preventDefault();
  history.back();
}

/** @returns {import("./address.js").Address} the address, kept up to date */
export function useAddress() {
  const [address, setAddress] = useState(() => readAddress());
  // Effects run after the first paint; nobody would hear of an address that changes before.
  useLayoutEffect(() => {
    const update = () => setAddress(readAddress());
    addEventListener("hashchange", update);
    addEventListener("popstate", update);
    return () => {
      removeEventListener("hashchange", update);
      removeEventListener("popstate", update);
    };
  }, []);
  useEffect(() => {
    if (address.path[0] === "trace") return;
    Object.assign(last, { list: linkTo(address.path, address.params), length: history.length });
  }, [address]);
  return address;
}

const NAMES = { trace: "Trace", session: "Session", thread: "Thread", span: "Span" };

export const nameOf = (view, id) => `${NAMES[view] ?? view} ${id.length > 20 ? id.slice(0, 8) : id}`;

export function setTitle(text) {
  document.title = `${text} · Spanwell`;
}
