// The GraphQL documents of statistics, errors and comparisons.

const GROUP_ROW = /* GraphQL */ `fragment GroupParts on StatsRow {
  keys isOther bucketStart count errorCount errorRate inputTokens outputTokens totalTokens costUsd
  durationMs { avg p50 p95 p99 }
}`;

/** @param {"spans" | "traces"} subject */
export const groupsQuery = (subject) => (subject === "traces" ? TRACE_GROUPS : SPAN_GROUPS);

export const SPAN_GROUPS = /* GraphQL */ `query SpanGroups(
  $filter: SpanFilter, $groupBy: [GroupKey!], $orderBy: [StatsOrder!], $first: Int!, $compareTo: Comparison
) {
  whole: spanStats(filter: $filter) { ...GroupParts }
  rows: spanStats(filter: $filter, groupBy: $groupBy, orderBy: $orderBy, first: $first, compareTo: $compareTo) {
    ...GroupParts
    previous { ...GroupParts }
  }
}

${GROUP_ROW}`;

export const TRACE_GROUPS = /* GraphQL */ `query TraceGroups(
  $filter: TraceFilter, $groupBy: [GroupKey!], $orderBy: [StatsOrder!], $first: Int!, $compareTo: Comparison
) {
  whole: traceStats(filter: $filter) { ...GroupParts }
  rows: traceStats(filter: $filter, groupBy: $groupBy, orderBy: $orderBy, first: $first, compareTo: $compareTo) {
    ...GroupParts
    previous { ...GroupParts }
  }
}

${GROUP_ROW}`;

/** @param {"spans" | "traces"} subject */
export const seriesQuery = (subject) => (subject === "traces" ? TRACE_SERIES : SPAN_SERIES);

export const SPAN_SERIES = /* GraphQL */ `query SpanSeries(
  $filter: SpanFilter, $groupBy: [GroupKey!], $orderBy: [StatsOrder!], $first: Int!, $buckets: Int!
) {
  rows: spanStats(filter: $filter, groupBy: $groupBy, orderBy: $orderBy, first: $first, buckets: $buckets) {
    ...GroupParts
  }
}

${GROUP_ROW}`;

export const TRACE_SERIES = /* GraphQL */ `query TraceSeries(
  $filter: TraceFilter, $groupBy: [GroupKey!], $orderBy: [StatsOrder!], $first: Int!, $buckets: Int!
) {
  rows: traceStats(filter: $filter, groupBy: $groupBy, orderBy: $orderBy, first: $first, buckets: $buckets) {
    ...GroupParts
  }
}

${GROUP_ROW}`;

export const ERRORS = /* GraphQL */ `query Errors($filter: SpanFilter, $first: Int!) {
  errors(filter: $filter, first: $first, buckets: 24) {
    message services count traceCount firstSeenAt
    sample { traceId spanId name startedAt status statusMessage errorInfo events attributes }
    trend { count }
  }
}`;

/** How values of some fields are spread in a selection and in what it is compared with, in one request. */
export function spreadQuery(subject, fields) {
  const field = `${subject.slice(0, -1)}Stats`;
  const type = subject === "traces" ? "TraceFilter" : "SpanFilter";
  const parts = fields.map((_, index) => {
    const stats = (filter) => `${field}(filter: $${filter}, groupBy: $by${index}, first: 30) { keys isOther count }`;
    return `  selected${index}: ${stats("selection")}\n  other${index}: ${stats("baseline")}`;
  });
  const keys = fields.map((_, index) => `$by${index}: [GroupKey!]`).join(", ");
  return `query Spread($selection: ${type}, $baseline: ${type}, ${keys}) {
  selected: ${field}(filter: $selection) { count durationMs { p50 p95 } errorRate }
  other: ${field}(filter: $baseline) { count durationMs { p50 p95 } errorRate }
${parts.join("\n")}
}`;
}

export const LIKE_TRACES = /* GraphQL */ `query LikeTraces($filter: TraceFilter) {
  newest: traces(filter: $filter, first: 5) { nodes { ...LikeTrace } }
  fastest: traces(filter: $filter, first: 5, orderBy: [{field: DURATION, direction: ASC, nulls: LAST}]) {
    nodes { ...LikeTrace }
  }
  slowest: traces(filter: $filter, first: 5, orderBy: [{field: DURATION, nulls: LAST}]) {
    nodes { ...LikeTrace }
  }
}

fragment LikeTrace on Trace { traceId status startedAt durationMs spanCount errorCount }`;
