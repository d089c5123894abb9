"""Langfuse's scores come in with their traces."""

from pathlib import Path
from typing import Any

import pytest

from spanwell.importing import ImportFailed
from tests.importing.stores import Store
from tests.making import at

from .langfuse_exports import export, observation, written

SCORES = [
    ({"dataType": "NUMERIC", "value": 0.25, "source": "EVAL"}, {"value": 0.25, "source": "eval"}),
    ({"dataType": "BOOLEAN", "value": 1, "stringValue": "True"}, {"boolean_value": True, "value": None}),
    ({"dataType": "BOOLEAN", "stringValue": "False"}, {"boolean_value": False}),
    ({"dataType": "CATEGORICAL", "value": 2, "stringValue": "good"}, {"value": 2.0, "text_value": "good"}),
    ({"dataType": "CATEGORICAL", "value": "good"}, {"value": None, "text_value": "good"}),
    ({"dataType": "CORRECTION", "longStringValue": "no, so"}, {"text_value": "no, so"}),
    (
        {"observationId": "a1", "comment": "c", "authorUserId": "ann"},
        {"span_id": "a1", "comment": "c", "user_id": "ann"},
    ),
    ({"sessionId": "s"}, {"session_id": "s", "trace_id": None}),
    ({"executionTraceId": "judge", "configId": "cfg"}, {"scorer_trace_id": "judge", "scorer": "cfg"}),
    ({"metadata": '{"job":"j"}', "queueId": "q"}, {"metadata": '{"job":"j","queueId":"q"}'}),
    ({"metadata": "free"}, {"metadata": '{"metadata":"free"}'}),
    ({"timestamp": "2026-01-01T00:00:01Z"}, {"timestamp": at(1)}),
]


@pytest.mark.parametrize(("said", "expected"), SCORES)
def test_a_score_is_kept_as_what_it_is_about(
    store: Store, tmp_path: Path, said: dict[str, Any], expected: dict[str, Any]
) -> None:
    summary = store.add(written(tmp_path / "a.json", export(observation(), scores=[{"name": "n", "id": "1", **said}])))
    assert summary.scores == 1
    (score,) = store.scores()
    assert {name: getattr(score, name) for name in expected} == expected


def test_scores_beside_a_trace_are_read_too_and_importing_again_adds_none(store: Store, tmp_path: Path) -> None:
    document = {**export(observation()), "scores": [{"name": "n", "value": 1}]}
    for _ in range(2):
        store.add(written(tmp_path / "a.json", document))
    assert [score.value for score in store.scores()] == [1.0]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"value": 1}, "trace.scores[0].name is missing"),
        ({"name": "n", "timestamp": "soon"}, "trace.scores[0].timestamp"),
        ({"name": "n", "id": "x" * 200}, "trace.scores[0]"),
    ],
)
def test_a_bad_score_is_named(store: Store, tmp_path: Path, said: dict[str, Any], expected: str) -> None:
    with pytest.raises(ImportFailed) as failed:
        store.add(written(tmp_path / "a.json", export(observation(), scores=[said])))
    assert expected in str(failed.value).replace("`", "")
