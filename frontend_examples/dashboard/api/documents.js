// Every GraphQL document of the dashboard. They are plain text: paste one into the playground and it runs.

const TRACE_ROW = /* GraphQL */ `fragment TraceRow on Trace {
  traceId name status startedAt durationMs spanCount errorCount services
  totalTokens costUsd serviceName environment userId sessionId threadId
}`;

const SPAN_ROW = /* GraphQL */ `fragment SpanRow on Span {
  traceId spanId name type status startedAt durationMs serviceName model totalTokens costUsd hasChildError
}`;

export const TRACES = /* GraphQL */ `query Traces($filter: TraceFilter, $orderBy: [TraceOrder!], $first: Int, $after: String) {
  traces(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    nodes { ...TraceRow }
    pageInfo { hasNextPage endCursor }
  }
}

${TRACE_ROW}`;

export const SPANS = /* GraphQL */ `query Spans($filter: SpanFilter, $orderBy: [SpanOrder!], $first: Int, $after: String) {
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

export const TRACE = /* GraphQL */ `query Trace($traceId: ID!, $first: Int!, $after: String) {
  trace(traceId: $traceId) {
    traceId name status startedAt endedAt durationMs spanCount errorCount orphanCount services tags
    inputTokens outputTokens totalTokens costUsd environment userId sessionId threadId runId organizationId
    spans(first: $first, after: $after) {
      nodes { spanId parentSpanId name type status startedAt durationMs isEvent serviceName totalTokens costUsd }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

export const FIND_IN_TRACE = /* GraphQL */ `query FindInTrace($traceId: ID!, $search: String!) {
  trace(traceId: $traceId) {
    spans(filter: {search: $search}, first: 10000) { nodes { spanId } }
  }
}`;

export const SPAN = /* GraphQL */ `query Span($traceId: ID!, $spanId: ID!) {
  span(traceId: $traceId, spanId: $spanId) {
    traceId spanId parentSpanId name type kind isEvent status statusCode statusMessage
    startedAt endedAt durationMs createdAt updatedAt
    input output errorInfo attributes resource scope scopeName scopeVersion metadata requestContext
    events links tags traceState
    entityType entityName entityId entityVersionId
    userId organizationId resourceId runId sessionId threadId requestId environment serviceName source experimentId
    model provider inputTokens outputTokens totalTokens cachedInputTokens reasoningTokens costUsd
  }
}`;

export const SPAN_FIELDS = /* GraphQL */ `query SpanFields {
  spanFields(first: 1000) { name level type operators seenCount description }
}`;

export const SPAN_FIELD_VALUES = /* GraphQL */ `query SpanFieldValues(
  $field: String!, $level: AttributeLevel, $prefix: String, $filter: SpanFilter
) {
  spanFieldValues(field: $field, level: $level, prefix: $prefix, filter: $filter, first: 12) { value count }
}`;

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
      id: sessionId traceCount errorCount firstActivityAt lastActivityAt totalTokens costUsd lastInput userId lastTraceId
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

export const THREADS = /* GraphQL */ `query Threads($filter: TraceFilter, $first: Int, $after: String) {
  threads(filter: $filter, first: $first, after: $after) {
    nodes {
      id: threadId traceCount errorCount firstActivityAt lastActivityAt totalTokens costUsd lastInput userId lastTraceId
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

export const CONVERSATION = /* GraphQL */ `query Conversation($filter: TraceFilter, $first: Int, $after: String) {
  traces(filter: $filter, orderBy: [{field: STARTED_AT, direction: ASC}], first: $first, after: $after) {
    nodes {
      traceId name status startedAt durationMs spanCount errorCount totalTokens costUsd
      rootSpan { input output errorInfo }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

export const LIVE_TRACES = /* GraphQL */ `subscription LiveTraces($filter: TraceFilter, $after: String) {
  traces(filter: $filter, after: $after) { cursor trace { ...TraceRow } }
}

${TRACE_ROW}`;

export const LIVE_SPANS = /* GraphQL */ `subscription LiveSpans($filter: SpanFilter, $after: String) {
  spans(filter: $filter, after: $after) { cursor span { ...SpanRow } }
}

${SPAN_ROW}`;
