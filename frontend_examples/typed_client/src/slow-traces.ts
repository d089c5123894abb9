// The slowest traces and where their time went. A field that is misspelt, a variable of another type or a null that is
// forgotten does not compile.
//
//     npm ci && npm run codegen && npm run build && npm start [http://127.0.0.1:8000/graphql] [MILLISECONDS]
import { clientOf } from "./client.js";
import { graphql } from "./gql/index.js";

const SlowTraces = graphql(`
  query SlowTraces($least: Float!, $first: Int!) {
    traces(filter: { durationMs: { gte: $least } }, orderBy: [{ field: DURATION, nulls: LAST }], first: $first) {
      totalCount
      nodes {
        traceId
        name
        durationMs
        criticalPath(first: 1000) {
          durationMs
          span {
            name
          }
        }
      }
    }
  }
`);

const [url = "http://127.0.0.1:8000/graphql", least = "1000"] = process.argv.slice(2);
const ask = clientOf(url);

const { traces } = await ask(SlowTraces, { least: Number(least), first: 5 });
console.log(`${traces.totalCount} traces take ${least} ms or more`);
for (const { traceId, name, durationMs, criticalPath } of traces.nodes) {
  const [longest] = criticalPath.toSorted((one, other) => other.durationMs - one.durationMs);
  const where = longest ? `, ${Math.round(longest.durationMs)} ms of it in ${longest.span.name}` : "";
  console.log(`${traceId}  ${Math.round(durationMs ?? 0)} ms  ${name}${where}`);
}
