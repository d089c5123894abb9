"""What dashboards send as it is: a period in milliseconds since 1970, beside variables that no field asks for."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.http.clients import Client, client_of, make_app

CREATE = "mutation($spans: [CreateSpanInput!]!) { batchCreateSpans(spans: $spans) { createdCount } }"
SPANS = [
    {"traceId": f"t{number}", "spanId": "s", "name": "n", "startedAt": moment}
    for number, moment in enumerate(
        ["2026-02-01T23:59:59.999Z", "2026-02-02T00:00:00Z", "2026-02-02T13:30:00Z", "2026-02-03T00:00:00Z"]
    )
]
PERIOD = {"from": 1_769_990_400_000, "to": 1_770_076_800_000}
PER_HOUR = """query ($from: DateTime!, $to: DateTime!) {
  spanStats(filter: {startedAt: {gte: $from, lt: $to}}, interval: "PT1H") { bucketStart count } }"""


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with client_of(make_app()) as client:
        assert send(client, CREATE, {"spans": SPANS})["batchCreateSpans"] == {"createdCount": 4}
        yield client


def send(client: Client, query: str, variables: dict[str, Any]) -> Any:
    answer = client.post("/graphql", json={"query": query, "variables": variables}).json()
    assert answer.keys() == {"data"}, answer
    return answer["data"]


@pytest.mark.parametrize("period", [PERIOD, {name: str(moment) for name, moment in PERIOD.items()}])
def test_a_period_in_milliseconds_is_a_day_with_a_row_for_each_hour(client: Client, period: dict[str, Any]) -> None:
    beside = {"interval_ms": 60_000, "maxDataPoints": 600, "refId": "A"}
    rows = send(client, PER_HOUR, {**period, **beside})["spanStats"]
    assert [row["bucketStart"] for row in rows] == [f"2026-02-02T{hour:02}:00:00Z" for hour in range(24)]
    assert {hour: row["count"] for hour, row in enumerate(rows) if row["count"]} == {0: 1, 13: 1}
