// Asks the server: queries and mutations as JSON, subscriptions as a stream of events (SSE) over the same POST.

export function asker(url, token) {
  return (operation, { headers = {}, documentAST } = {}) => {
    const send = (accept, signal) =>
      fetch(url, {
        method: "POST",
        // Headers that a person typed come last: they win over the token.
        headers: { accept, "content-type": "application/json", ...token.headers(), ...headers },
        body: JSON.stringify(operation),
        signal,
      });
    return isSubscription(documentAST, operation.operationName)
      ? streamed((signal) => send("text/event-stream, application/json", signal))
      : send("application/graphql-response+json, application/json").then(answerOf);
  };
}

function isSubscription(document, name) {
  const operations = document?.definitions.filter(({ kind }) => kind === "OperationDefinition") ?? [];
  const asked = operations.find((operation) => operation.name?.value === name) ?? operations[0];
  return asked?.operation === "subscription";
}

async function answerOf(response) {
  const type = response.headers.get("content-type") ?? "";
  // A proxy in between may answer with a page of its own.
  if (!type.includes("json")) throw new Error(`${response.status} ${response.statusText}`.trim());
  return response.json();
}

// An observable, because only its end can be asked for at any time: GraphiQL's stop button drops the connection.
function streamed(open) {
  return {
    subscribe(observer) {
      const stop = new AbortController();
      const run = async () => {
        const response = await open(stop.signal);
        if (response.headers.get("content-type")?.startsWith("text/event-stream")) {
          for await (const answer of answersOf(response.body)) observer.next(answer);
        } else {
          observer.next(await answerOf(response));
        }
        observer.complete();
      };
      run().catch((error) => {
        if (!stop.signal.aborted) observer.error(error);
      });
      return { unsubscribe: () => stop.abort() };
    },
  };
}

// Yields the answer of each `next` event until the server says `complete`; a blank line ends an event.
async function* answersOf(body) {
  let text = "";
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const events = (text + value).split(/\r?\n\r?\n/);
    text = events.pop();
    for (const event of events.map(fieldsOf)) {
      if (event.event === "complete") return;
      if (event.event === "next") yield JSON.parse(event.data);
    }
  }
}

function fieldsOf(event) {
  const fields = {};
  for (const line of event.split(/\r?\n/)) {
    const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (name) fields[name] = name in fields ? `${fields[name]}\n${value}` : value;
  }
  return fields;
}
