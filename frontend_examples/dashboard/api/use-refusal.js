// What the caller may do here is asked once; where something may not be done, the page says so before it is tried.
import { useEffect, useState } from "../html.js";
import { SCOPES } from "./documents.js";
import { request } from "./request.js";

/** @type {Promise<string[]> | null} */
let asked = null;

function scopes() {
  asked ??= request(SCOPES).then(({ server }) => server.scopes);
  asked.catch(() => {
    asked = null;
  });
  return asked;
}

/**
 * @param {"INGEST" | "DELETE"} scope
 * @returns {string | null} why it may not be done; null if it may, or while that is not known
 */
export function useRefusal(scope) {
  const [allowed, setAllowed] = useState(null);
  useEffect(() => {
    scopes().then(setAllowed, () => {}); // The server refuses what is tried all the same.
  }, []);
  return allowed && !allowed.includes(scope) ? refusal(scope, allowed) : null;
}

const DEEDS = { INGEST: "add", DELETE: "delete" };

/** @param {"INGEST" | "DELETE"} scope @param {string[]} allowed */
export const refusal = (scope, allowed) =>
  allowed.length === 1
    ? `You cannot ${DEEDS[scope]} anything here: your access is read-only.`
    : `You cannot ${DEEDS[scope]} anything here: your token lacks the scope ${scope.toLowerCase()}.`;
