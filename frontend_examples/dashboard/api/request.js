// One GraphQL request over HTTP. Addresses are relative to the page, so it also works behind a proxy with a prefix.

/** What the server said no to, in its own sentence. */
export class ApiError extends Error {
  /** @param {string} message @param {string} [code] @param {string} [element] */
  constructor(message, code, element) {
    super(message);
    this.code = code;
    this.element = element;
  }
}

/** The answers to what is asked ahead of the page that needs it. @type {Map<string, Promise<any>>} */
const asked = new Map();
/** Those that are there. @type {Map<string, any>} */
const answered = new Map();

/**
 * @typedef {{signal?: AbortSignal, exact?: boolean, onText?: (text: string) => void}} How
 *   exact: whole numbers beyond 2^53 keep all their digits; onText: called before the text of the answer is read
 */

const LONG_NUMBER = /[:[,]\s*-?\d{16}/;

/** Ask now what `request` will ask in the same words: whoever is first to do so takes this answer. */
export function askAhead(query, variables, onText) {
  const body = JSON.stringify({ query, variables });
  const answer = ask(body, { onText });
  asked.set(body, answer);
  answer.then(
    (data) => asked.has(body) && answered.set(body, data),
    () => {}, // The page that takes it shows what went wrong.
  );
  return answer;
}

/** All that has been asked ahead is answered. */
export const aheadAnswered = () => Promise.allSettled(asked.values());

/** Whether what was asked ahead has not been asked for by the page yet. */
export const isUntaken = (query, variables) => asked.has(JSON.stringify({ query, variables }));

/** The answer to what was asked ahead, if it is there. */
export function takeAnswered(query, variables) {
  const body = JSON.stringify({ query, variables });
  const data = answered.get(body);
  if (data) forget(body);
  return data;
}

function forget(body) {
  asked.delete(body);
  answered.delete(body);
}

/**
 * Ask the server.
 * @param {string} query a GraphQL document
 * @param {object} [variables]
 * @param {How} [how]
 * @returns {Promise<any>} the answer's data
 */
export async function request(query, variables = {}, { signal, exact = false, onText } = {}) {
  const body = JSON.stringify({ query, variables });
  const ahead = asked.get(body);
  forget(body);
  const data = await (ahead ?? ask(body, { signal, exact, onText }));
  signal?.throwIfAborted();
  return data;
}

/** @param {string} body @param {How} [how] */
async function ask(body, { signal, exact = false, onText } = {}) {
  const answer = await fetchAnswer(body, signal);
  const text = await answer.text();
  onText?.(text);
  let content;
  try {
    // Most answers hold no such number, and reading each value by itself takes long.
    content = exact && LONG_NUMBER.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
  } catch {
    throw new ApiError(`The server answered ${answer.status} ${answer.statusText}`.trim() + ", and not with JSON.");
  }
  if (content.errors?.length) {
    const [first] = content.errors;
    throw new ApiError(first.message, first.extensions?.code, first.extensions?.element);
  }
  return content.data;
}

async function fetchAnswer(body, signal) {
  try {
    return await fetch("graphql", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body,
      signal,
    });
  } catch (failure) {
    if (failure.name === "AbortError") throw failure;
    throw new ApiError("The server cannot be reached.", "UNREACHABLE");
  }
}

/** A number that JavaScript would round; it is shown as it was sent. */
export class Digits {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }
}

function keepDigits(_key, value, context) {
  const rounded = typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
  return rounded && context?.source ? new Digits(context.source) : value;
}
