"""Phoenix's evaluations: `annotations` of a span, by people, models or code."""

from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

import msgspec

from spanwell.observability.conventions.values import number_in
from spanwell.observability.model.assessments import Score
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.text import json_of
from spanwell.observability.model.times import parse_moment

from .values import object_in, objects_in


def scores_of(about: tuple[str, str], annotations: Any, place: str) -> Iterator[tuple[str, Score]]:
    """Yield the annotations of a span, each after its position. Raises `InvalidInput`."""
    for index, each in enumerate(objects_in(annotations)):
        if isinstance(each.get("name"), str):
            at = f"{place}.annotations[{index}]"
            yield at, _score(about, each, at)


def _score(about: tuple[str, str], annotation: dict[str, Any], place: str) -> Score:
    result, metadata = object_in(annotation.get("result")), object_in(annotation.get("metadata"))
    name, identifier = annotation["name"], _text(annotation.get("identifier"))
    return Score(
        score_id=_text(annotation.get("id"))
        or blake2b(msgspec.json.encode([*about, name, identifier]), digest_size=16).hexdigest(),
        trace_id=about[0],
        span_id=about[1],
        name=name,
        value=number_in(result.get("score")),
        text_value=_text(result.get("label")),
        comment=_text(result.get("explanation")),
        source=(_text(annotation.get("annotator_kind")) or "").lower() or None,
        timestamp=_moment(annotation.get("created_at"), place),
        metadata=json_of(metadata) if metadata else None,
        user_id=_text(annotation.get("user_id")),
        scorer=identifier,
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _moment(text: Any, place: str) -> Nanos:
    try:
        return parse_moment(text) if isinstance(text, str) else Nanos(0)
    except InvalidInput as error:
        raise error.within(f"{place}.created_at") from None
