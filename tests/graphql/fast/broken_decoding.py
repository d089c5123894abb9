"""The ways in which the fast decoder of batches is broken on purpose, and the batches that must show each of them."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from enum import Enum
from functools import reduce
from operator import or_
from types import UnionType
from typing import Any, TypeAlias, cast, get_args

import msgspec
import pytest
from msgspec import UNSET

from spanwell.graphql.basics.scalars import read_documents
from spanwell.graphql.fast import batch_decoding
from spanwell.graphql.fast.batch_decoding import LIST_INPUTS
from spanwell.graphql.fast.batch_elements import ListInput
from spanwell.observability.model.columns import Kind
from spanwell.observability.model.times import SECOND, parse_moment, parse_moments

Breakage: TypeAlias = Callable[[pytest.MonkeyPatch], None]
_Values: TypeAlias = Sequence[Any]
_CREATE, _UPDATE = "CreateSpanInput", "UpdateSpanInput"
_KEY = '"traceId": "t", "spanId": "s"'
_SPAN = f'{_KEY}, "name": "n", "startedAt": "2026-01-01T00:00:00Z"'


def _batch(*elements: str) -> bytes:
    return f'{{"given": [{", ".join(f"{{{element}}}" for element in elements)}]}}'.encode()


def _moments(*texts: str) -> bytes:
    return _batch(*(f'{_SPAN}, "endedAt": "{text}"' for text in texts))


TAKEN: dict[str, tuple[str, bytes]] = {
    "nulls": (_CREATE, _batch(f'{_SPAN}, "type": null, "isEvent": null, "kind": null, "input": null', _SPAN)),
    "gaps": (_CREATE, _batch(_SPAN, f'{_SPAN}, "input": 1, "endedAt": "2026-01-01T00:00:01Z"', f'{_SPAN}, "input": 2')),
    "what is cleared, and what is left": (
        _UPDATE,
        _batch(f'{_KEY}, "name": null, "input": null', f'{_KEY}, "tags": []'),
    ),
    "nanoseconds": (_CREATE, _moments("2026-01-01T00:00:00.123456789Z", "2026-01-01T00:00:00.000000001Z")),
    "digits beyond nanoseconds": (_CREATE, _moments("2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00.0000000019Z")),
    "offsets": (_CREATE, _moments("2026-01-01T00:00:00Z", "2026-01-01T00:00:00+14:00", "2026-01-01T00:00:00-00:30")),
    "documents": (_CREATE, _batch(f'{_SPAN}, "input": {{"z": 1, "a": {{"y": 1.0, "b": "é\\n"}}}}, "output": [null]')),
    "many digits": (_CREATE, _batch(f'{_SPAN}, "input": [123456789012345678901234567890, -9007199254740993]')),
    "a key given twice": (_CREATE, _batch(f'{_SPAN}, "name": "other", "input": {{"a": 1, "b": 2, "a": 3}}')),
}
"""Batches that are decoded the fast way, by what is in them."""

_LEFT = {
    "an unknown field": '"nmae": "n"',
    "text for a flag": '"isEvent": "true"',
    "a number for a text": '"userId": 7',
    "an unknown word": '"kind": "SIDEWAYS"',
    "null among the tags": '"tags": ["a", null]',
    "a number among the tags": '"tags": ["a", 1]',
    "no time of day": '"endedAt": "2026-01-01T00"',
    "digits of another alphabet": '"endedAt": "2026-01-01T00:00:00.٣Z"',
    "a number beyond doubles": '"input": [1e999]',
    "no number at all": '"input": {"a": NaN}',
}
LEFT: dict[str, tuple[str, bytes]] = {
    **{name: (_CREATE, _batch(f"{_SPAN}, {said}", _SPAN)) for name, said in _LEFT.items()},
    "a span without a name": (_CREATE, _batch(f'{_KEY}, "startedAt": "2026-01-01T00:00:00Z"')),
    "an update without a span": (_UPDATE, _batch('"traceId": "t", "name": "n"')),
}
"""Batches that graphql-core refuses, by what is wrong with them."""


def _replaced(name: str, value: Any) -> Breakage:
    """Break what the decoder calls."""

    def broken(monkeypatch: pytest.MonkeyPatch) -> None:
        assert hasattr(batch_decoding, name)
        monkeypatch.setattr(batch_decoding, name, value)

    return broken


def _reading(kind: Kind, read: Callable[[_Values], _Values]) -> Breakage:
    """Break how the values of a kind of column are read."""
    return _replaced("_READ", {**batch_decoding._READ, kind: read})


def _struct(
    kind_of: Callable[[Any], Any] = lambda kind: kind, *, strict: bool = True, absent: object = UNSET
) -> Breakage:
    """Break what is asked of the elements: of each field, of unknown ones, and what an absent field is."""

    def remade(struct: type[msgspec.Struct]) -> type[msgspec.Struct]:
        known = msgspec.structs.fields(struct)
        kinds = [
            (each.name, kind_of(each.type))
            if each.required
            else (each.name, kind_of(each.type), absent if each.default is UNSET else each.default)
            for each in known
        ]
        labels = {each.name: each.encode_name for each in known}
        return msgspec.defstruct(struct.__name__, kinds, kw_only=True, rename=labels, forbid_unknown_fields=strict)

    def broken(monkeypatch: pytest.MonkeyPatch) -> None:
        inputs = cast("dict[str, ListInput]", LIST_INPUTS)
        for name, each in LIST_INPUTS.items():
            if each.struct is not None:
                monkeypatch.setitem(inputs, name, replace(each, struct=remade(each.struct)))

    return broken


def _decoder(decode: Callable[[bytes, Any], Any]) -> Breakage:
    """Break how the text of the variables is taken in."""

    class Broken:
        def __init__(self, kind: Any) -> None:
            self._kind = kind

        def decode(self, text: bytes) -> Any:
            return decode(text, self._kind)

    return lambda monkeypatch: monkeypatch.setattr(msgspec.json, "Decoder", Broken)


def _instead(inner: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Change the types that values of optional fields may be of."""

    def changed(kind: Any) -> Any:
        return reduce(or_, map(inner, get_args(kind))) if isinstance(kind, UnionType) else kind

    return changed


def _first_wins(text: bytes, kind: Any) -> Any:
    def first(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return dict(reversed(pairs))

    return msgspec.convert(json.loads(text, object_pairs_hook=first), kind)


def _in_moments(changed: Callable[[str], str]) -> Breakage:
    return _reading(Kind.TIME, lambda texts: parse_moments([changed(text) for text in texts]))


def _rounded_up(texts: _Values) -> _Values:
    beyond = [re.search(r"\.\d{9}[5-9]", text) is not None for text in texts]
    return [moment + more for moment, more in zip(parse_moments(texts), beyond, strict=True)]


def _seconds_known_of_any_offset(texts: _Values) -> _Values:
    known: dict[str, int] = {}
    return [known.setdefault(text[:19], parse_moment(text)) for text in texts]


def _big_as_floats(value: Any) -> Any:
    if isinstance(value, list):
        return [_big_as_floats(item) for item in value]
    return float(value) if isinstance(value, int) and abs(value) > 2**53 else value


def _unchecked(values: _Values) -> _Values:
    return [msgspec.json.encode(value).decode() for value in values]


def _any_number(monkeypatch: pytest.MonkeyPatch) -> None:
    _decoder(lambda text, kind: msgspec.convert(json.loads(text), kind))(monkeypatch)
    _reading(Kind.JSON, _unchecked)(monkeypatch)


def _gaps_last(read: Callable[..., _Values]) -> Callable[..., _Values]:
    def shifted(column: Any, values: _Values) -> _Values:
        return sorted(read(column, values), key=lambda value: value is None)

    return shifted


def _shifted_columns(structs: _Values, absent: Callable[[Any], object]) -> Iterator[Any]:
    rows = list(zip(*map(msgspec.structs.astuple, structs), strict=True))
    columns = [column for column, _ in _COLUMNS(structs, absent)]
    return zip(columns, rows, strict=False)


def _sorted_keys(values: _Values) -> _Values:
    return [msgspec.json.encode(value, order="sorted").decode() for value in values]


def _latin_digit(character: str) -> str:
    return str(unicodedata.digit(character, character))


def _null_is_absent(struct: Any) -> tuple[Any, ...]:
    return tuple(UNSET if value is None else value for value in msgspec.structs.astuple(struct))


_COLUMNS, _DECODER = batch_decoding._columns, msgspec.json.Decoder

BREAKAGES: dict[str, Breakage] = {
    "null is not the default": _replaced("_given", lambda values, _: values),
    "an update's null changes nothing": _replaced("astuple", _null_is_absent),
    "an update clears what is absent": _struct(absent=None),
    "unknown fields are taken": _struct(strict=False),
    "any word is an enum's": _struct(_instead(lambda kind: str if issubclass(kind, Enum) else kind)),
    "null is a tag": _struct(_instead(lambda kind: list[str | None] if kind == list[str] else kind)),
    "anything is a tag": _struct(_instead(lambda kind: list[Any] if kind == list[str] else kind)),
    "a number is text": _struct(_instead(lambda kind: int | str if kind is str else kind)),
    "text is a flag": _decoder(lambda text, kind: _DECODER(kind, strict=False).decode(text)),
    "the first of a key wins": _decoder(_first_wins),
    "infinity and NaN are numbers": _any_number,
    "moments lose their nanoseconds": _reading(
        Kind.TIME, lambda texts: [m // 1_000 * 1_000 for m in parse_moments(texts)]
    ),
    "moments lose their fractions": _reading(
        Kind.TIME, lambda texts: [m // SECOND * SECOND for m in parse_moments(texts)]
    ),
    "digits beyond nanoseconds round up": _reading(Kind.TIME, _rounded_up),
    "an offset is ignored": _in_moments(lambda text: re.sub(r"[+-]\d\d:\d\d$", "Z", text)),
    "a second is known of any offset": _reading(Kind.TIME, _seconds_known_of_any_offset),
    "an hour is a time of day": _in_moments(lambda text: text if len(text) != 13 else text + ":00"),
    "digits of any alphabet count": _in_moments(lambda text: "".join(map(_latin_digit, text))),
    "the keys of documents are sorted": _reading(Kind.JSON, _sorted_keys),
    "big numbers are floats": _reading(Kind.JSON, lambda values: read_documents([_big_as_floats(v) for v in values])),
    "documents are ASCII": _reading(Kind.JSON, lambda values: [json.dumps(v, separators=(",", ":")) for v in values]),
    "gaps slip to the end": _replaced("_read", _gaps_last(batch_decoding._read)),
    "columns are shifted where one is absent": _replaced("_columns", _shifted_columns),
}
