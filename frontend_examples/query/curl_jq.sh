#!/bin/sh
# Read, save and delete traces with curl and jq.
#
#     sh curl_jq.sh slow             the five slowest traces of the last day, as a table
#     sh curl_jq.sh save TRACE_ID    one trace with all its spans, as JSON on standard output
#     sh curl_jq.sh delete TRACE_ID  delete it; expect `deleted 1 trace, 12 spans`
#
# SPANWELL_URL names the server if it is not http://127.0.0.1:8000, and SPANWELL_TOKEN is sent as a bearer token. Queries
# are those of the playground; values always travel as variables, so no quote in them can break a query.
set -eu
url=${SPANWELL_URL:-http://127.0.0.1:8000}

# ask QUERY NAME VALUE: the `data` of the answer. An error is printed in the server's own words, and the exit code is not 0.
ask() {
  answer=$(jq -n --arg query "$1" --arg name "$2" --arg value "$3" '{$query, variables: {($name): $value}}' |
    curl --silent --show-error --retry 5 "$url/graphql" --data @- --header 'content-type: application/json' \
      ${SPANWELL_TOKEN:+--header "authorization: Bearer $SPANWELL_TOKEN"})
  printf '%s' "$answer" | jq 'if .errors then (.errors[0].message + "\n" | halt_error(1)) else .data end'
}

case ${1:-slow} in
slow)
  answer=$(ask 'query ($since: DateTime!) {
    traces(filter: {startedAt: {gte: $since}}, orderBy: [{field: DURATION, nulls: LAST}], first: 5) {
      nodes { traceId name durationMs spanCount errorCount }
    }
  }' since "$(jq -nr 'now - 86400 | todate')")
  printf '%s' "$answer" |
    jq -r '.traces.nodes[] | [.traceId, .durationMs, "\(.spanCount) spans", "\(.errorCount) failed", .name] | @tsv'
  ;;
save)
  # Up to 10,000 spans come in one page of a trace; `pageInfo` says whether there are more.
  answer=$(ask 'query ($id: ID!) {
    trace(traceId: $id) {
      traceId name status startedAt durationMs totalTokens costUsd
      spans(first: 10000) {
        nodes { spanId parentSpanId name type status startedAt endedAt serviceName input output errorInfo attributes }
        pageInfo { hasNextPage endCursor }
      }
    }
  }' id "$2")
  printf '%s' "$answer" | jq '.trace // error("there is no such trace")'
  ;;
delete)
  # The variable is one id; a list of one is what GraphQL makes of it.
  answer=$(ask 'mutation ($id: ID!) {
    batchDeleteTraces(traceIds: [$id]) { deletedTraceCount deletedSpanCount }
  }' id "$2")
  printf '%s' "$answer" |
    jq -r '.batchDeleteTraces | "deleted \(.deletedTraceCount) trace, \(.deletedSpanCount) spans"'
  ;;
*)
  sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
  exit 2
  ;;
esac
