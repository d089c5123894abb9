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

const SIDE_ROW = /* GraphQL */ `fragment SideParts on StatsRow { count errorRate durationMs { p95 } }`;

export const SPAN_DIFFERENCE = /* GraphQL */ `query SpanDifference($selection: SpanFilter!, $baseline: SpanFilter!) {
  selected: spanStats(filter: $selection) { ...SideParts }
  other: spanStats(filter: {and: [$baseline, {not: $selection}]}) { ...SideParts }
  spanDifference(selection: $selection, baseline: $baseline, first: 60) {
    fields {
      name level difference
      values { value baselineCount selectionCount baselineShare selectionShare }
      distribution { from to baselineShare selectionShare }
    }
  }
}

${SIDE_ROW}`;

/** How values of some fields are spread in some traces and in those they are compared with, in one request. */
export function traceSpreadQuery(fields) {
  const parts = fields.map((_, index) => {
    const stats = (filter) => `traceStats(filter: ${filter}, groupBy: $by${index}, first: 30) { keys isOther count }`;
    return `  selected${index}: ${stats("$selection")}\n  other${index}: ${stats(NOT_SELECTED)}`;
  });
  const keys = fields.map((_, index) => `$by${index}: [GroupKey!]`).join(", ");
  return `query TraceSpread($selection: TraceFilter!, $baseline: TraceFilter!, ${keys}) {
  selected: traceStats(filter: $selection) { ...SideParts }
  other: traceStats(filter: ${NOT_SELECTED}) { ...SideParts }
${parts.join("\n")}
}

${SIDE_ROW}`;
}

const NOT_SELECTED = "{and: [$baseline, {not: $selection}]}";

/** What a comparison can begin with: how many there are, how many failed, and how long the slowest took. */
export const startQuery = (subject) => (subject === "traces" ? TRACE_START : SPAN_START);

export const SPAN_START = /* GraphQL */ `query SpanStart($filter: SpanFilter) {
  whole: spanStats(filter: $filter) { count errorCount durationMs { p95 } }
}`;

export const TRACE_START = /* GraphQL */ `query TraceStart($filter: TraceFilter) {
  whole: traceStats(filter: $filter) { count errorCount durationMs { p95 } }
}`;

export const TRACE_DIFF = /* GraphQL */ `query TraceDiff($base: ID!, $other: ID!) {
  traceDiff(base: $base, other: $other) {
    base { ...ComparedTrace }
    other { ...ComparedTrace }
    durationMs { ...Figures }
    spanCount { ...Figures }
    errorCount { ...Figures }
    totalTokens { ...Figures }
    costUsd { ...Figures }
    paths { path name depth change durationChangeMs base { ...Side } other { ...Side } }
  }
}

fragment ComparedTrace on Trace { traceId name startedAt status errorCount }

fragment Figures on FigureDiff { base other change }

fragment Side on PathSide { count errorCount durationMs totalTokens costUsd firstSpan { spanId } }`;

export const SPAN_TEXTS = /* GraphQL */ `query SpanTexts(
  $base: ID!, $baseSpan: ID!, $hasBase: Boolean!, $other: ID!, $otherSpan: ID!, $hasOther: Boolean!
) {
  base: span(traceId: $base, spanId: $baseSpan) @include(if: $hasBase) { ...SpanText }
  other: span(traceId: $other, spanId: $otherSpan) @include(if: $hasOther) { ...SpanText }
}

fragment SpanText on Span { input output statusMessage errorInfo }`;

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
