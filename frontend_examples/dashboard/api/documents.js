// Every GraphQL document of the dashboard. They are plain text: paste one into the playground and it runs.

const TRACE_ROW = /* GraphQL */ `fragment TraceRow on Trace {
  traceId name status startedAt durationMs spanCount errorCount services
  totalTokens costUsd serviceName environment userId sessionId threadId
}`;

const SPAN_ROW = /* GraphQL */ `fragment SpanRow on Span {
  traceId spanId name type status startedAt durationMs serviceName model totalTokens costUsd hasChildError
}`;

export const TRACES = /* GraphQL */ `query Traces(
  $filter: TraceFilter, $orderBy: [TraceOrder!], $first: Int, $after: String
) {
  traces(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    nodes { ...TraceRow }
    pageInfo { hasNextPage endCursor }
  }
}

${TRACE_ROW}`;

export const SPANS = /* GraphQL */ `query Spans(
  $filter: SpanFilter, $orderBy: [SpanOrder!], $first: Int, $after: String
) {
  spans(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    nodes { ...SpanRow }
    pageInfo { hasNextPage endCursor }
  }
}

${SPAN_ROW}`;

export const TRACE_COUNT = /* GraphQL */ `query TraceCount($filter: TraceFilter) {
  traces(filter: $filter, first: 0) { totalCount }
}`;

export const SPAN_COUNT = /* GraphQL */ `query SpanCount($filter: SpanFilter) {
  spans(filter: $filter, first: 0) { totalCount }
}`;

const ERROR_PARTS = /* GraphQL */ `fragment ErrorParts on Span {
  traceId spanId isRoot name serviceName status statusMessage errorInfo events attributes
}`;

export const TRACE_ERRORS = /* GraphQL */ `query TraceErrors($filter: TraceFilter) {
  traces(filter: $filter, first: 1000) { nodes { firstError { ...ErrorParts } } }
}

${ERROR_PARTS}`;

export const SPAN_ERRORS = /* GraphQL */ `query SpanErrors($filter: SpanFilter) {
  spans(filter: $filter, first: 1000) { nodes { ...ErrorParts } }
}

${ERROR_PARTS}`;

export const FIND_RECORDS = /* GraphQL */ `query FindRecords($traces: TraceFilter, $spans: SpanFilter) {
  traces(filter: $traces, first: 5) { nodes { traceId name } }
  spans(filter: $spans, first: 3) { nodes { traceId spanId name serviceName } }
}`;

export const DELETE_TRACE = /* GraphQL */ `mutation DeleteTrace($traceId: ID!) {
  batchDeleteTraces(traceIds: [$traceId]) { deletedTraceCount deletedSpanCount }
}`;

export const DELETE_TRACES = /* GraphQL */ `mutation DeleteTraces($filter: TraceFilter!, $dryRun: Boolean!) {
  deleteTraces(filter: $filter, dryRun: $dryRun) {
    matchedTraceCount matchedSpanCount deletedTraceCount deletedSpanCount hasMore
  }
}`;

export const SCOPES = /* GraphQL */ `query Scopes { server { scopes } }`;

const TRACE_PARTS = /* GraphQL */ `fragment TraceParts on Trace {
  traceId name status startedAt endedAt durationMs changedAt spanCount errorCount orphanCount services tags
  inputTokens outputTokens totalTokens costUsd environment userId sessionId threadId runId organizationId
}`;

const TREE_SPAN = /* GraphQL */ `fragment TreeSpan on Span {
  spanId parentSpanId name type status startedAt durationMs isEvent serviceName entityName totalTokens costUsd
}`;

export const TRACE = /* GraphQL */ `query Trace($traceId: ID!, $first: Int!, $after: String) {
  trace(traceId: $traceId) {
    ...TraceParts
    spans(first: $first, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { ...TreeSpan }
    }
  }
}

${TRACE_PARTS}

${TREE_SPAN}`;

/** A first page of its spans that comes soon, then as many as the server gives. */
export const firstPage = (traceId) => ({ traceId, first: 1000, after: null });

export const nextPage = (traceId, after) => ({ traceId, first: 10_000, after });

/** Where the next page begins, by the text of an answer: the server works on it while this one is read. */
export const nextCursor = (text) => /"pageInfo":\{"hasNextPage":true,"endCursor":"([^"]*)"/.exec(text)?.[1];

export const TRACE_HEAD = /* GraphQL */ `query TraceHead($traceId: ID!) {
  trace(traceId: $traceId) { ...TraceParts }
}

${TRACE_PARTS}`;

export const SPANS_SINCE = /* GraphQL */ `query SpansSince($traceId: ID!, $since: DateTime!) {
  trace(traceId: $traceId) {
    spans(filter: {updatedAt: {gt: $since}}, first: 10000) { nodes { ...TreeSpan } }
  }
}

${TREE_SPAN}`;

export const LIVE_TRACE = /* GraphQL */ `subscription LiveTrace($filter: SpanFilter, $after: String) {
  spans(filter: $filter, after: $after) { cursor removed { traceId spanId } span { ...TreeSpan } }
}

${TREE_SPAN}`;

export const FIND_IN_TRACE = /* GraphQL */ `query FindInTrace($traceId: ID!, $search: String!) {
  trace(traceId: $traceId) {
    spans(filter: {search: $search}, first: 10000) { nodes { spanId } }
  }
}`;

const WHOLE_SPAN = /* GraphQL */ `fragment WholeSpan on Span {
  traceId spanId parentSpanId name type kind isEvent status statusCode statusMessage
  startedAt endedAt durationMs createdAt updatedAt
  input output errorInfo attributes resource scope scopeName scopeVersion metadata requestContext
  events links tags traceState
  entityType entityName entityId entityVersionId
  userId organizationId resourceId runId sessionId threadId requestId environment serviceName source experimentId
  model provider inputTokens outputTokens totalTokens cachedInputTokens reasoningTokens costUsd
}`;

export const SPAN = /* GraphQL */ `query Span($traceId: ID!, $spanId: ID!) {
  span(traceId: $traceId, spanId: $spanId) { ...WholeSpan }
}

${WHOLE_SPAN}`;

export const SPAN_FIELDS = /* GraphQL */ `query SpanFields($filter: SpanFilter) {
  spanFields(filter: $filter, first: 1000) { name level type operators seenCount description }
}`;

export const SPAN_FIELD_VALUES = /* GraphQL */ `query SpanFieldValues(
  $field: String!, $level: AttributeLevel, $prefix: String, $filter: SpanFilter
) {
  spanFieldValues(field: $field, level: $level, prefix: $prefix, filter: $filter, first: 12) { value count }
}`;

/** How many traces meet each of some filters, in one request: `of0`, `of1`, ... */
export function valueCounts(filters) {
  const names = filters.map((_, index) => `$filter${index}: TraceFilter`).join(", ");
  const counts = filters.map((_, index) => `of${index}: traces(filter: $filter${index}, first: 0) { totalCount }`);
  return {
    query: `query ValueCounts(${names}) {\n  ${counts.join("\n  ")}\n}`,
    variables: Object.fromEntries(filters.map((filter, index) => [`filter${index}`, filter])),
  };
}

export const CRITICAL_PATH = /* GraphQL */ `query CriticalPath($traceId: ID!) {
  trace(traceId: $traceId) {
    criticalPath { span { spanId } startedAt endedAt durationMs }
  }
}`;

const STATS_ROW = /* GraphQL */ `fragment StatsParts on StatsRow {
  bucketStart count errorCount rate errorRate durationMs { p50 p95 p99 }
}`;

export const TRACE_STATS = /* GraphQL */ `query TraceStats($filter: TraceFilter, $buckets: Int!) {
  whole: traceStats(filter: $filter) { ...StatsParts }
  rows: traceStats(filter: $filter, buckets: $buckets) { ...StatsParts histogram { from to count } }
}

${STATS_ROW}`;

export const SPAN_STATS = /* GraphQL */ `query SpanStats($filter: SpanFilter, $buckets: Int!) {
  whole: spanStats(filter: $filter) { ...StatsParts }
  rows: spanStats(filter: $filter, buckets: $buckets) { ...StatsParts histogram { from to count } }
}

${STATS_ROW}`;

export const SERVICES = /* GraphQL */ `query Services($filter: SpanFilter) {
  services(filter: $filter) { name spanCount traceCount errorRate p50 p95 lastSeenAt }
}`;

export const SERVICE_GRAPH = /* GraphQL */ `query ServiceGraph($filter: SpanFilter) {
  serviceGraph(filter: $filter) {
    nodes { name spanCount errorRate p95 }
    edges { from to callCount errorRate p95 }
  }
}`;

export const SESSIONS = /* GraphQL */ `query Sessions($filter: TraceFilter, $first: Int, $after: String) {
  sessions(filter: $filter, first: $first, after: $after) {
    nodes {
      id: sessionId traceCount errorCount lastActivityAt totalTokens costUsd lastInput userId
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

export const THREADS = /* GraphQL */ `query Threads($filter: TraceFilter, $first: Int, $after: String) {
  threads(filter: $filter, first: $first, after: $after) {
    nodes {
      id: threadId traceCount errorCount lastActivityAt totalTokens costUsd lastInput userId
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

export const CONVERSATION = /* GraphQL */ `query Conversation($filter: TraceFilter, $first: Int, $after: String) {
  traces(filter: $filter, orderBy: [{field: STARTED_AT, direction: ASC}], first: $first, after: $after) {
    nodes {
      traceId name status startedAt durationMs spanCount errorCount totalTokens costUsd
      userId
      rootSpan { input output status statusMessage errorInfo events attributes }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

export const LIVE_TRACES = /* GraphQL */ `subscription LiveTraces($filter: TraceFilter, $after: String) {
  traces(filter: $filter, after: $after) { cursor removed { traceId spanId } trace { ...TraceRow } }
}

${TRACE_ROW}`;

export const LIVE_SPANS = /* GraphQL */ `subscription LiveSpans($filter: SpanFilter, $after: String) {
  spans(filter: $filter, after: $after) { cursor removed { traceId spanId } span { ...SpanRow } }
}

${SPAN_ROW}`;

export const CREATE_SPANS = /* GraphQL */ `mutation CreateSpans($spans: [CreateSpanInput!]!) {
  batchCreateSpans(spans: $spans) { createdCount updatedCount }
}`;
