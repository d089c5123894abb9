"""Phoenix's annotations of spans become scores."""

import json
from pathlib import Path
from typing import Any

import pytest

from spanwell.importing.batches import ImportFailed
from tests.importing.stores import Store
from tests.making import at


def exported(*annotations: Any) -> str:
    span: dict[str, Any] = {
        "name": "call",
        "context": {"trace_id": "0af7651916cd43dd8448eb211c80319c", "span_id": "b7ad6b7169203331"},
        "span_kind": "LLM",
        "parent_id": None,
        "start_time": "2026-01-01T00:00:00+00:00",
        "end_time": "2026-01-01T00:00:01+00:00",
        "status_code": "OK",
        "attributes": {},
        "annotations": list(annotations),
    }
    return json.dumps(
        [span, {**span, "context": {**span["context"], "span_id": "b7ad6b7169203332"}, "annotations": None}]
    )


ANNOTATION = {
    "name": "correctness",
    "annotator_kind": "LLM",
    "result": {"label": "correct", "score": 0.85, "explanation": "It is."},
    "metadata": {"model": "m"},
    "identifier": "judge",
    "created_at": "2026-01-01T00:00:01Z",
}


def test_an_annotation_is_a_score_of_its_span_and_always_the_same_one(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "spans.json"
    path.write_text(exported(ANNOTATION, "none", {"annotator_kind": "HUMAN"}))
    for _ in range(2):
        assert store.add(path).scores == 1
    (score,) = store.scores()
    assert (score.trace_id, score.span_id) == ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")
    assert (score.name, score.value, score.text_value, score.comment) == ("correctness", 0.85, "correct", "It is.")
    assert (score.source, score.scorer, score.metadata, score.timestamp) == ("llm", "judge", '{"model":"m"}', at(1))


def test_a_bare_annotation_is_a_score_too(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "spans.json"
    path.write_text(exported({"name": "n", "id": "own"}))
    store.add(path)
    (score,) = store.scores()
    assert (score.score_id, score.value, score.source, score.metadata) == ("own", None, None, None)


def test_an_annotation_with_a_bad_moment_is_named(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "spans.json"
    path.write_text(exported({**ANNOTATION, "created_at": "soon"}))
    with pytest.raises(ImportFailed, match=r"annotations\[0\]\.created_at"):
        store.add(path)
