// The schema by every rule there is for schemas, and by Relay's; each exception has its reason.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import graphql from "@graphql-eslint/eslint-plugin";
import { buildSchema, isObjectType } from "graphql";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

// Values without an identity of their own: answers about records, not records. Whatever is a `Node` has to have its `id`.
const schema = buildSchema(readFileSync(join(root, "schema.graphql"), "utf8"));
const isValue = (type) => isObjectType(type) && !type.getInterfaces().some(({ name }) => name === "Node");
const VALUES = Object.values(schema.getTypeMap()).filter(isValue).map(({ name }) => name);

const exceptions = {
  // Sorted by the printer of graphql-core, to whom `V` of `spanFieldValues` comes before `s` of `spanFields`.
  "@graphql-eslint/alphabetize": "off",
  // `createSpan(span:)` and `batchCreateSpans(spans:)` say what they take; there is never a second argument.
  "@graphql-eslint/input-name": "off",
  // `mutation { … }` is how spans are written, and `subscription { … }` how they are followed.
  "@graphql-eslint/no-root-type": "off",
  // `spanId` and `traceId` are the field's own terms, and beside them `id` is the global id.
  "@graphql-eslint/no-typename-prefix": "off",
  // The children of a span are opened downwards: there is no way back from their end.
  "@graphql-eslint/relay-arguments": ["error", { includeBoth: false }],
  // Lists that are whole, such as `nodes` beside `edges` or the counts of a batch, are no pages. Sessions and threads are
  // what traces have in common: there are pages of them, but nothing to look up again by a global id.
  "@graphql-eslint/relay-edge-types": ["error", { listTypeCanWrapOnlyEdgeType: false, shouldImplementNode: false }],
  // A mutation of spans answers with the spans; asking anything else in the same breath is another field's business.
  "@graphql-eslint/require-field-of-type-query-in-mutation-result": "off",
  // What is always there is never null: a client need not ask whether a list or a payload is. Look-ups are nullable.
  "@graphql-eslint/require-nullable-result-in-root": "off",
  "@graphql-eslint/strict-id-in-types": ["error", { exceptions: { types: VALUES } }],
};

export default [
  {
    files: ["**/*.graphql"],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: join(root, "schema.graphql") } },
    },
    plugins: { "@graphql-eslint": graphql },
    rules: {
      ...graphql.configs["flat/schema-all"].rules,
      ...graphql.configs["flat/schema-relay"].rules,
      ...exceptions,
    },
  },
];
