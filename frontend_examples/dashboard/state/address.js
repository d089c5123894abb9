// Where the user is, kept in the fragment of the URL: `#/traces?f=status+eq+ERROR`. Everything shown can be shared, and
// the fragment is never sent to a server.

/** @typedef {{path: string[], params: URLSearchParams}} Address */

/** @returns {Address} */
export function readAddress(hash = location.hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const parts = path.split("/").filter(Boolean).map(decodePart);
  return { path: parts.length ? parts : ["traces"], params: new URLSearchParams(query) };
}

/** A link to an address; parameters without a value are left out. */
export function linkTo(path, params = {}) {
  const query = params instanceof URLSearchParams ? params : new URLSearchParams(present(params));
  const text = query.toString();
  return `#/${path.map(encodeURIComponent).join("/")}${text ? `?${text}` : ""}`;
}

/** Go there; `replace` leaves no step in the browser's history. */
export function go(link, { replace = false } = {}) {
  if (link === location.hash) return;
  history[replace ? "replaceState" : "pushState"](null, "", link);
  dispatchEvent(new Event("hashchange"));
}

function present(params) {
  return Object.entries(params).filter(([, value]) => value !== undefined && value !== null && value !== "");
}

function decodePart(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
