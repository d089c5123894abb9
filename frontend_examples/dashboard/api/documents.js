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

export const TRACE = /* GraphQL */ `query Trace($traceId: ID!, $after: String) {
  trace(traceId: $traceId) {
    traceId name status startedAt endedAt durationMs spanCount errorCount orphanCount services tags
    inputTokens outputTokens totalTokens costUsd environment userId sessionId threadId runId organizationId
    spans(first: 10000, after: $after) {
      nodes {
        spanId parentSpanId name type kind status startedAt endedAt durationMs isEvent
        serviceName model totalTokens costUsd
      }
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
