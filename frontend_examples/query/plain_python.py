"""Read spans with nothing but Python's standard library: every failed span of the last hours, page by page.

Run it beside a server (`spanwell serve --demo`):

    python plain_python.py [http://127.0.0.1:8000/graphql] [HOURS]

Expect a line for each failed span, newest first, with its time, service, name and reason, and `N failed spans` at the
end. A cursor stays good while spans arrive, so no span is listed twice or left out. A request that a busy server
refuses is sent again; every other error ends the program with the server's own sentence. SPANWELL_TOKEN in the
environment is sent as a bearer token.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

URL = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000/graphql"
HOURS = float(sys.argv[2]) if len(sys.argv) > 2 else 24.0
HEADERS = {"content-type": "application/json"}
if token := os.environ.get("SPANWELL_TOKEN"):
    HEADERS["authorization"] = f"Bearer {token}"

FAILED = """
query Failed($since: DateTime!, $after: String) {
  spans(filter: {status: {eq: ERROR}, startedAt: {gte: $since}}, first: 500, after: $after) {
    nodes { traceId startedAt serviceName name statusMessage errorInfo }
    pageInfo { hasNextPage endCursor }
  }
}
"""

BUSY = {429, 502, 503, 504}


def ask(query: str, **variables: object) -> Any:
    """Return the data of an answer; a busy or restarting server is asked again, up to five times."""
    body = json.dumps({"query": query, "variables": variables}).encode()
    for wait in (0.5, 1, 2, 4, None):
        try:
            request = urllib.request.Request(URL, body, HEADERS)
            with urllib.request.urlopen(request, timeout=60) as response:
                answer = json.load(response)
            break
        except urllib.error.HTTPError as error:
            if error.code not in BUSY or wait is None:
                answer = json.load(error)
                break
            time.sleep(float(error.headers.get("retry-after", wait)))
        except urllib.error.URLError as error:
            if wait is None:
                sys.exit(f"{URL} does not answer: {error.reason}")
            time.sleep(wait)
    if "errors" in answer:
        sys.exit(answer["errors"][0]["message"])
    return answer["data"]


def failed_spans(since: datetime) -> Iterator[dict[str, Any]]:
    """Yield every failed span that began since a moment, a page at a time."""
    after = None
    while True:
        page = ask(FAILED, since=since.isoformat(), after=after)["spans"]
        yield from page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def reason(span: dict[str, Any]) -> str:
    """Return why a span failed, in one line."""
    info = span["errorInfo"]
    message = info.get("message") if isinstance(info, dict) else info
    return str(message or span["statusMessage"] or "no reason recorded").splitlines()[0]


count = 0
for span in failed_spans(datetime.now(UTC) - timedelta(hours=HOURS)):
    count += 1
    print(span["startedAt"], span["serviceName"] or "-", span["name"], reason(span), sep="\t")
print(f"{count} failed spans")
