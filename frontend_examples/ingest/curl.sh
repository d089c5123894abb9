#!/bin/sh
# Send one span as OTLP/JSON with curl, as a shell script or a cron job may do.
#
#     sh curl.sh [http://127.0.0.1:8000]
#
# Expect `{}`, OTLP's word for "everything is stored". Sending it again says `{}` again and changes nothing. Were a span
# not acceptable, the answer would say which one and why under `partialSuccess`.
# `{ span(traceId: "5b8efff798038103d269b633813fc60c", spanId: "eee19b7ec3c1b174") { name serviceName durationMs } }`
# then says `nightly backup`, `cron` and 2500.
set -eu
url=${1:-http://127.0.0.1:8000}

curl --silent --show-error --fail-with-body --retry 5 "$url/v1/traces" \
  --header 'content-type: application/json' \
  --data '{
    "resourceSpans": [{
      "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "cron"}}]},
      "scopeSpans": [{
        "spans": [{
          "traceId": "5b8efff798038103d269b633813fc60c",
          "spanId": "eee19b7ec3c1b174",
          "name": "nightly backup",
          "kind": 1,
          "startTimeUnixNano": "1769846400000000000",
          "endTimeUnixNano": "1769846402500000000",
          "attributes": [{"key": "backup.files", "value": {"intValue": "1204"}}],
          "status": {"code": 1}
        }]
      }]
    }]
  }'
echo
