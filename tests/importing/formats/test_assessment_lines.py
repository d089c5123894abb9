"""Lines of JSON that are scores or feedback are stored as such, beside lines that are spans."""

import json
from pathlib import Path
from typing import Any

import pytest

from spanwell.importing.batches import ImportFailed
from spanwell.observability.model.assessments import AssessmentKind
from tests.importing.stores import Store
from tests.making import at

SPAN = {"traceId": "t", "spanId": "a", "name": "n", "startedAt": "2026-01-01T00:00:00Z"}
SCORE = {"scoreId": "1", "name": "quality", "traceId": "t", "value": 0.5, "createdAt": "2026-01-01T00:00:00Z"}
FEEDBACK = {
    "feedbackId": "1",
    "name": "thumbs",
    "traceId": "t",
    "spanId": "a",
    "booleanValue": True,
    "tags": ["x"],
    "timestamp": "2026-01-01T00:00:01Z",
    "metadata": {"a": [1]},
    "comment": None,
}


def lines(tmp_path: Path, *records: dict[str, Any]) -> Path:
    path = tmp_path / "lines.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def test_each_line_is_what_its_id_says(store: Store, tmp_path: Path) -> None:
    path = lines(tmp_path, SCORE, SPAN, FEEDBACK, {**SPAN, "scoreId": "of an attribute"})
    for _ in range(2):
        summary = store.add(path)
        assert (summary.spans, summary.scores) == (2, 2)
    (score,) = store.scores()
    (feedback,) = store.scores(AssessmentKind.FEEDBACK)
    assert (score.score_id, score.value, score.span_id) == ("1", 0.5, None)
    assert (feedback.boolean_value, feedback.tags, feedback.metadata) == (True, ["x"], '{"a": [1]}')
    assert feedback.timestamp == at(1)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": None}, "line 2: `name` is missing"),
        ({"value": "high"}, "line 2: `value`"),
        ({"timestamp": "soon"}, "line 2: `timestamp`"),
        ({"traceId": "t" * 129}, "line 2: `traceId`"),
    ],
)
def test_a_bad_line_is_named(store: Store, tmp_path: Path, changes: dict[str, Any], expected: str) -> None:
    with pytest.raises(ImportFailed) as failed:
        store.add(lines(tmp_path, SPAN, {**SCORE, **changes}))
    assert expected in str(failed.value)
