"""Tell a chat room of each trace that fails, within a second: the live feed, with Python's standard library alone.

    python alert.py [http://127.0.0.1:8000/graphql] [WEBHOOK] [CURSOR_FILE]

WEBHOOK is an address that takes `{"text": ...}` by POST, as incoming webhooks of Slack, Mattermost and others do;
without it messages are printed. Expect `listening`, and a message as soon as a span fails anywhere. The cursor of the
last failure is kept in CURSOR_FILE (`alert.cursor`): what fails while this program does not run is reported when it
starts again. A message that cannot be delivered is tried again until it can; a crash may repeat the last one.
SPANWELL_TOKEN in the environment is sent to the server as a bearer token.
"""

import json
import os
import sys
import time
import urllib.request
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

URL = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000/graphql"
WEBHOOK = sys.argv[2] if len(sys.argv) > 2 else ""
CURSOR = Path(sys.argv[3] if len(sys.argv) > 3 else "alert.cursor")

TOKEN = os.environ.get("SPANWELL_TOKEN")

NOW = "{ changes(filter: {status: {eq: ERROR}}) { cursor } }"
FEED = """
subscription Failures($after: String!) {
  spans(filter: {status: {eq: ERROR}}, after: $after) {
    cursor
    span { traceId name serviceName statusMessage errorInfo }
  }
}
"""


def post(url: str, content: object, **headers: str) -> Any:
    """Send JSON; the lines of the response can be read as they come."""
    request = urllib.request.Request(url, json.dumps(content).encode(), {"content-type": "application/json"} | headers)
    # The feed sends a comment every 12 seconds: a minute of silence is a lost connection.
    return urllib.request.urlopen(request, timeout=60)


def ask(query: str, after: str | None = None, accept: str = "application/json") -> Any:
    """Send an operation to the server."""
    shown = {"authorization": f"Bearer {TOKEN}"} if TOKEN else {}
    return post(URL, {"query": query, "variables": {"after": after}}, accept=accept, **shown)


def data_of(text: str | bytes) -> Any:
    """Return the data of an answer; an error ends the program with the server's own sentence."""
    answer = json.loads(text)
    if "errors" in answer:
        sys.exit(answer["errors"][0]["message"])
    return answer["data"]


def failures() -> Iterator[dict[str, Any]]:
    """Yield each failed span behind the cursor, as it is stored, until the connection ends."""
    if not CURSOR.exists():
        with ask(NOW) as response:
            keep(data_of(response.read())["changes"]["cursor"])
    with ask(FEED, CURSOR.read_text(), "text/event-stream") as response:
        print("listening", flush=True)
        for line in response:
            if line.startswith(b"data: {"):
                yield data_of(line.removeprefix(b"data: "))["spans"]


def keep(cursor: str) -> None:
    """Write the cursor to its file: the whole of it, or the one before stays."""
    new = CURSOR.with_name(f"{CURSOR.name}.new")
    new.write_text(cursor)
    new.replace(CURSOR)


def message(span: dict[str, Any]) -> str:
    """Return what a person reads: who failed, why, and where to look."""
    info = span["errorInfo"]
    reason = (info.get("message") if isinstance(info, dict) else info) or span["statusMessage"] or "no reason recorded"
    page = f"{URL.removesuffix('/graphql')}/#/trace/{span['traceId']}"
    return f"{span['serviceName'] or 'a service'}: {span['name']} failed: {str(reason).splitlines()[0]}\n{page}"


def report(text: str) -> None:
    """Send a message to the webhook, or print it."""
    if WEBHOOK:
        post(WEBHOOK, {"text": text}).close()
    else:
        print(text, flush=True)


# A failure is often passed on from span to span: each trace is reported once.
reported = deque[str](maxlen=1_000)
while True:
    try:
        for change in failures():
            span = change["span"]
            if span["traceId"] not in reported:
                report(message(span))
                reported.append(span["traceId"])
            keep(change["cursor"])
    except OSError as error:
        print(f"trying again: {error}", file=sys.stderr, flush=True)
    time.sleep(1)
