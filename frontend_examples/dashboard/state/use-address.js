// The address as state: a page that shows it is drawn anew when it changes.
import { useEffect, useState } from "../html.js";
import { linkTo, readAddress } from "./address.js";

let list = "#/traces";

/** The list that was last seen, with its filter: where a trace leads back to. */
export const lastList = () => list;

/** @returns {import("./address.js").Address} the address, kept up to date */
export function useAddress() {
  const [address, setAddress] = useState(() => readAddress());
  useEffect(() => {
    const update = () => setAddress(readAddress());
    addEventListener("hashchange", update);
    addEventListener("popstate", update);
    return () => {
      removeEventListener("hashchange", update);
      removeEventListener("popstate", update);
    };
  }, []);
  if (address.path[0] !== "trace") list = linkTo(address.path, address.params);
  return address;
}
