// The whole client: one function that sends an operation and knows the type of its variables and of its answer.
import type { TypedDocumentString } from "./gql/graphql.js";

/** What the server refused, in its own sentence, with its code (`BAD_USER_INPUT`, `BAD_CURSOR`, `TIMEOUT`, ...). */
export class GraphQLFailure extends Error {
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

interface Answer<Data> {
  data?: Data | null;
  errors?: { message: string; extensions?: { code?: string } }[];
}

export type Ask = <Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
) => Promise<Data>;

/** Return what sends operations to one server. */
export function clientOf(url: string, headers: Record<string, string> = {}): Ask {
  return async <Data, Variables>(document: TypedDocumentString<Data, Variables>, variables: Variables) => {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ query: document.toString(), variables }),
    });
    const { data, errors } = (await response.json()) as Answer<Data>;
    const [error] = errors ?? [];
    if (error) throw new GraphQLFailure(error.message, error.extensions?.code);
    if (!data) throw new GraphQLFailure(`The server answered ${response.status} without data.`);
    return data;
  };
}
