"""What the service refuses of scores that no client can send, and what it keeps of a project's."""

import asyncio
from typing import Any

import pytest

from spanwell.observability.access import Access, Scope
from spanwell.observability.model.assessments import AssessmentKind, Score
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.errors import Forbidden, InvalidInput
from spanwell.observability.questions.conditions import ALWAYS
from spanwell.observability.service import Observability
from spanwell.storage.reference.storage import MemoryStorage

SCORE = AssessmentKind.SCORE


def score(**given: Any) -> Score:
    return Score(score_id="1", name="n", **given)


@pytest.mark.parametrize(
    ("given", "element"),
    [
        ({"value": float("inf")}, "scores[0].value"),
        ({"timestamp": Nanos(2**64)}, "scores[0].timestamp"),
    ],
)
def test_what_no_store_can_hold_is_named(given: dict[str, Any], element: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        asyncio.run(Observability(MemoryStorage()).assessing.create(SCORE, [score(**given)]))
    assert refused.value.element == element


@pytest.mark.parametrize(
    ("scopes", "write"),
    [
        ({Scope.READ}, "create"),
        ({Scope.INGEST}, "update"),
        ({Scope.WRITE}, "delete"),
    ],
)
def test_who_may_not_write_is_refused(scopes: set[Scope], write: str) -> None:
    service = Observability(MemoryStorage()).allowed(Access.of(scopes))
    with pytest.raises(Forbidden):
        asyncio.run(getattr(service.assessing, write)(SCORE, []))


def test_a_project_sees_its_own_and_keeps_the_organization_that_a_score_states() -> None:
    async def run() -> None:
        whole = Observability(MemoryStorage())
        one, other = (whole.allowed(Access(project=name)) for name in ("a", "b"))
        await one.assessing.create(SCORE, [score(organization_id="acme", trace_id="t")])
        assert await other.storage.count_assessments(SCORE, ALWAYS) == 0
        (found,) = await one.storage.get_assessments(SCORE, ["1"])
        assert found is not None
        assert (found.organization_id, found.trace_id) == ("acme", "t")

    asyncio.run(run())
