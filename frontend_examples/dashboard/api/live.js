// A GraphQL subscription over server-sent events. It goes on where it stopped when the connection is lost.
import { ApiError } from "./request.js";

/** Refusals that pass: it is worth asking again. */
const PASSING = new Set(["OVERLOADED", "RESOURCE_EXHAUSTED", "TIMEOUT", "INTERNAL"]);

const WAITS = [500, 1000, 2000, 5000, 10_000];

/**
 * Listen until `signal` says stop.
 * @param {string} query a subscription with a variable `$after` @param {object} variables
 * @param {{onNext: (data: any) => string, onState: (state: "live" | "lost" | "refused", error?: Error) => void,
 *   signal: AbortSignal}} listener
 *   onNext returns the cursor of what it was given
 */
export async function listen(query, variables, { onNext, onState, signal }) {
  let after = null;
  let failures = 0;
  const next = (data) => {
    after = onNext(data);
    failures = 0;
  };
  while (!signal.aborted) {
    try {
      await connect({ query, variables: { ...variables, after } }, next, () => onState("live"), signal);
    } catch (error) {
      if (signal.aborted) return;
      // What the server no longer remembers is left out; whoever listens asks for the list anew.
      if (error.code === "BAD_CURSOR") after = null;
      else if (error instanceof ApiError && !PASSING.has(error.code)) return onState("refused", error);
      onState("lost", error);
    }
    await pause(WAITS[Math.min(failures++, WAITS.length - 1)], signal);
  }
}

async function connect(body, onNext, onOpen, signal) {
  const answer = await fetch("graphql", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify(body),
    signal,
  });
  if (!answer.headers.get("content-type")?.startsWith("text/event-stream")) throw await refusal(answer);
  onOpen();
  for await (const { event, data } of events(answer.body)) {
    if (event === "complete") return;
    const { errors, data: payload } = JSON.parse(data);
    if (errors?.length) throw new ApiError(errors[0].message, errors[0].extensions?.code);
    onNext(payload);
  }
}

async function refusal(answer) {
  const body = await answer.json().catch(() => ({}));
  const [error] = body.errors ?? [];
  // What the server cannot do now, it may do later; what it refuses, it refuses again.
  if (!error || answer.status >= 500 || answer.status === 429)
    return new Error(`The server answered ${answer.status}.`);
  return new ApiError(error.message, error.extensions?.code);
}

/** The events of a stream: lines of `event:` and `data:`, an empty line after each. */
async function* events(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      text += value;
      const blocks = text.split("\n\n");
      text = blocks.pop();
      yield* blocks.map(eventOf).filter(({ event, data }) => data || event === "complete");
    }
  } finally {
    // Whoever stops listening, or fails, leaves no connection behind.
    await reader.cancel().catch(() => {});
  }
}

function eventOf(block) {
  const event = { event: "message", data: "" };
  for (const line of block.split("\n")) {
    const [, name, rest] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (name === "event") event.event = rest;
    if (name === "data") event.data += rest;
  }
  return event;
}

function pause(ms, signal) {
  return new Promise((resolve) => {
    const wait = setTimeout(resolve, ms, undefined);
    const stop = () => {
      clearTimeout(wait);
      resolve(undefined);
    };
    signal.addEventListener("abort", stop, { once: true });
  });
}
