"""Updates that are applied without a look at each are those that the check of each would leave as they are."""

from random import Random
from typing import Any

import pytest

from spanwell.observability.derivation.batch_checks import are_plain_updates
from spanwell.observability.derivation.merge import SpanUpdate
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.times import LATEST
from spanwell.observability.service import Observability, WriteLimits
from spanwell.storage.reference.storage import MemoryStorage

_BYTES = 200
_TRACE, _SPAN = "ab" * 16, "cd" * 8
_PLAIN: dict[str, Any] = {"name": "chat", "output": '{"text":"done"}', "ended_at": Nanos(10**18), "tags": ["a"]}
_ODD: dict[str, dict[str, Any]] = {
    "a trace id in upper case": {"trace_id": _TRACE.upper()},
    "half a trace id": {"trace_id": _SPAN},
    "no trace id": {"trace_id": ""},
    "a trace id with dashes": {"trace_id": "abababab-abab-abab-abab-abababababab"},
    "a span id in upper case": {"span_id": _SPAN.upper()},
    "a span id that is too long": {"span_id": "s" * 129},
    "a parent in upper case": {"changes": {"parent_span_id": "EF" * 8}},
    "an empty parent": {"changes": {"parent_span_id": ""}},
    "a required field that is cleared": {"changes": {"name": None}},
    "an end after all time": {"changes": {"ended_at": LATEST + 1}},
    "an escape": {"changes": {"output": r'{"text":"\u0041"}'}},
    "an escape in what is filled": {"fills": {"input": r'"\u0041"'}},
    "too many characters": {"changes": {"output": "x" * (_BYTES + 1)}},
}


def _update(**given: Any) -> SpanUpdate:
    stated: dict[str, Any] = {"trace_id": _TRACE, "span_id": _SPAN, "changes": {}, "fills": {}}
    stated |= given
    return SpanUpdate(stated["trace_id"], stated["span_id"], _PLAIN | stated["changes"], stated["fills"])


def test_plain_updates_are_applied_as_they_are() -> None:
    assert are_plain_updates([_update(), _update(changes={"parent_span_id": _SPAN})], _BYTES)
    assert are_plain_updates([], _BYTES)


@pytest.mark.parametrize("odd", _ODD)
def test_anything_odd_has_every_update_checked(odd: str) -> None:
    assert not are_plain_updates([_update(), _update(**_ODD[odd])], _BYTES)


def test_the_check_of_each_leaves_plain_updates_unchanged() -> None:
    random = Random(7)
    service = Observability(MemoryStorage(), limits=WriteLimits(1_000, _BYTES))
    plain = 0
    for _ in range(2_000):
        parts = random.sample(sorted(_ODD), random.randrange(2))
        update = _update(**{name: value for part in parts for name, value in _ODD[part].items()})
        if are_plain_updates([update], _BYTES):
            plain += 1
            assert service._checked_update(update) == update
    assert plain > 500
