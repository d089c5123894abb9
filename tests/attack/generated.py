"""`python -m tests.attack.generated [CASES]` sends documents that Schemathesis makes from the schema.

Whatever they hold, the answer is data or a refusal with a code, never a failure of ours. CASES are shared evenly among
the fields of the schema's roots; 10,000 unless said otherwise.
"""

import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.http.clients import LEAK

from .attacked import attacked
from .lane import argument

SCHEMA = Path(__file__).parents[2] / "schema.graphql"


def sweep(client: httpx.Client, cases: int) -> Counter[str]:
    """Return how often each code was answered. Raises `AssertionError` with the document that failed."""
    import schemathesis  # noqa: PLC0415 - it takes longer to load than most tests take
    from schemathesis.core.result import Ok  # noqa: PLC0415 - as above

    schema = schemathesis.graphql.from_path(str(SCHEMA))
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    became = Counter[str]()
    for left, operation in zip(range(len(operations), 0, -1), operations, strict=True):
        share = -(-(cases - became.total()) // left)  # what fields with few documents leave goes to the others

        @seed(1)
        @settings(
            max_examples=share,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
        )
        @given(case=operation.as_strategy())
        def send(case: Any) -> None:
            answer = client.post("/graphql", json={"query": case.body})
            became[judged(answer, str(case.body))] += 1

        send()
    return became


def judged(answer: httpx.Response, document: str) -> str:
    """Return the code of an answer."""
    errors = answer.json().get("errors", [])
    codes = {error["extensions"]["code"] for error in errors}
    assert answer.status_code < 500, (answer.text[:500], document)
    assert "INTERNAL" not in codes, (answer.text[:500], document)
    assert not LEAK.search(str(errors)), (answer.text[:500], document)
    return ", ".join(sorted(codes)) or "answered"


def main() -> None:
    cases = int(argument("generated", __doc__, "10000"))
    began = time.monotonic()
    with attacked() as (_, client):
        became = sweep(client, cases)
    print(f"{became.total():,} cases in {time.monotonic() - began:.0f} s, 0 failures: {dict(became)}")


if __name__ == "__main__":
    main()
