"""Scores and feedback that are exported as lines are imported as they were."""

from asyncio import Runner
from functools import partial
from pathlib import Path
from typing import Any

from spanwell.exporting.formats import JsonLines
from spanwell.exporting.pages import written
from spanwell.importing import import_files
from spanwell.observability.model.assessments import AssessmentKind, Feedback, Score
from spanwell.observability.model.columns import Json
from spanwell.observability.questions.queries import AssessmentQuery, Window, newest_assessments
from spanwell.observability.service import Observability
from spanwell.observability.storage import ObservabilityStorage
from spanwell.storage.reference.storage import MemoryStorage
from tests.making import at

SCORES = [
    Score(score_id="1", name="n", trace_id="t", span_id="a", value=0.5, timestamp=at(0.123456789), tags=["x"]),
    Score(score_id="2", name="", session_id="s", boolean_value=False, timestamp=at(2), comment="a\nb"),
    Score(score_id="3", name="n", text_value="ключ", timestamp=at(1), metadata=Json('{"a":\n 123456789012345678901}')),
]
FEEDBACK = [Feedback(feedback_id="1", name="thumbs", timestamp=at(1), source_id="elsewhere")]


async def lines(storage: ObservabilityStorage) -> bytes:
    found = b""
    for kind in AssessmentKind:
        query = AssessmentQuery(kind, Window(0), order=newest_assessments(kind))
        make = partial(JsonLines, kind.record, (), chosen=False)
        found += b"".join([piece async for _, piece in written(storage, query, make)])
    return found


def given(runner: Runner, storage: ObservabilityStorage) -> list[dict[str, Any]]:
    """Return all that clients said of scores and feedback."""
    found: list[dict[str, Any]] = []
    for kind in AssessmentKind:
        query = AssessmentQuery(kind, Window(99), order=newest_assessments(kind))
        records = runner.run(storage.list_assessments(query)).nodes
        found += [{column.name: getattr(record, column.name) for column in kind.given_columns} for record in records]
    return found


def test_what_is_exported_is_imported_as_it_was(tmp_path: Path) -> None:
    one, other, path = MemoryStorage(), MemoryStorage(), tmp_path / "said.jsonl"
    with Runner() as runner:
        runner.run(one.batch_create_assessments(AssessmentKind.SCORE, SCORES))
        runner.run(one.batch_create_assessments(AssessmentKind.FEEDBACK, FEEDBACK))
        path.write_bytes(runner.run(lines(one)))
        assert path.read_bytes().count(b"\n") == 4
        assert runner.run(import_files([path], Observability(other))).scores == 4
        (before, after) = given(runner, one), given(runner, other)
    for each in before:
        if each["metadata"] is not None:  # whose line break would end the line
            each["metadata"] = each["metadata"].replace("\n", " ")
    assert after == before
