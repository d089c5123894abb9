"""Stores text only once that the attributes of a span repeat from its `input` and `output`.

Conventions put inputs and outputs into attributes, from which `input` and `output` are filled, so the longest texts of
a span come twice. In the tables, a number replaces such a text in `attributes`, after a line break, which never occurs
in JSON as it is written here; a space before the document marks it as shortened. Only top-level attributes whose keys
pass `rows.contents.holds_contents` are replaced: all others can be read from the stored `attributes`.
"""

from dataclasses import dataclass

import msgspec

from spanwell.observability.conventions.rows.contents import holds_contents
from spanwell.observability.model.text import json_of

REPEATED = ("input", "output")
"""The columns whose values `attributes` may repeat."""

_SHORTENED = " "
_LEAST = 64
"""The least characters of a value to replace."""
_BEGINNING = 24
"""Characters to search a value by; a value that begins like another attribute is not replaced."""
_TOP: msgspec.json.Decoder[dict[str, msgspec.Raw]] = msgspec.json.Decoder(dict[str, msgspec.Raw])


@dataclass(frozen=True)
class _StandIns:
    """The stand-ins for a value: if the attribute is the same JSON, and if it is a text that contains it."""

    same: str
    as_text: str


_STAND_INS = (_StandIns("\n1", "\n2"), _StandIns("\n3", "\n4"))
"""The stand-ins of each of `REPEATED`."""
STAND_INS = frozenset(text[1:] for each in _STAND_INS for text in (each.same, each.as_text))
"""A stand-in's JSON value."""


def shortened(attributes: str | None, *repeated: str | None) -> str | None:
    """Return the attributes of a span as they are stored along with the values of `REPEATED`."""
    if attributes is None:
        return None
    attributes = found = attributes.lstrip()
    if "\n" in attributes:
        return attributes
    for value, stand_ins in zip(repeated, _STAND_INS, strict=True):
        if value is not None and _LEAST <= len(value) < len(found):
            replaced = None if value[0] == '"' else _replaced(found, json_of(value), stand_ins.as_text)
            found = replaced or _replaced(found, value, stand_ins.same) or found
    return found if found is attributes else _SHORTENED + found


def whole(attributes: str | None, *repeated: str | None) -> str | None:
    """Return the original attributes of a span, from the stored ones and the values of `REPEATED`."""
    if attributes is None or not attributes.startswith(_SHORTENED):
        return attributes
    found = attributes.removeprefix(_SHORTENED)
    for value, stand_ins in zip(repeated, _STAND_INS, strict=True):
        if value is not None:
            found = found.replace(stand_ins.as_text, json_of(value)).replace(stand_ins.same, value)
    return found


def whole_sql(attributes: str, *repeated: str) -> str:
    """Return the SQL of `whole`, from the SQL of the columns."""
    found = f"substr({attributes}, 2)"
    for value, stand_ins in zip(repeated, _STAND_INS, strict=True):
        text = f"CAST({value} AS VARCHAR)"
        found = f"replace({found}, {_quoted(stand_ins.as_text)}, coalesce(CAST(to_json({text}) AS VARCHAR), ''))"
        found = f"replace({found}, {_quoted(stand_ins.same)}, coalesce({text}, ''))"
    return f"CASE WHEN {is_shortened_sql(attributes)} THEN CAST({found} AS JSON) ELSE {attributes} END"


def is_shortened_sql(attributes: str) -> str:
    """Return the SQL condition that stored attributes are shortened.

    JSON that begins with a space sorts before all other. The condition is a comparison, so that DuckDB's statistics
    rule out blocks without such values.
    """
    return f"{attributes} < '{_SHORTENED}{{}}'"


def has_text_sql(attributes: str, column: str) -> str:
    """Return the SQL condition that a stored attribute is a text that contains the value of a column."""
    return f"contains({attributes}, {_quoted(_STAND_INS[REPEATED.index(column)].as_text)})"


def _replaced(attributes: str, literal: str, stand_in: str) -> str | None:
    """Return attributes with a value replaced by its stand-in; None if no contents attribute has that value."""
    at = attributes.find(literal[:_BEGINNING])  # a prefix, since Python would build tables for a long text
    if at < 0 or attributes[at - 2 : at] != '":' or not attributes.startswith(literal, at):
        return None
    begin = attributes.rfind('"', 0, at - 2)
    key = attributes[begin + 1 : at - 2]
    # A quote after a backslash does not begin a key: it is within a text.
    if attributes[begin - 1] not in "{," or not holds_contents(key) or not _is_at_top(attributes, at, key, literal):
        return None
    return attributes[:at] + stand_in + attributes[at + len(literal) :]


def _is_at_top(attributes: str, at: int, key: str, literal: str) -> bool:
    """Return whether the member with its value at position `at` is a top-level attribute."""
    if attributes[0] == "{" and attributes.find("{", 1, at) < 0:
        return True
    try:
        found = bytes(_TOP.decode(attributes)[key])
    except (msgspec.DecodeError, KeyError, RecursionError):
        return False
    return found == literal.encode() and attributes.count(f'"{key}":{literal}') == 1


def _quoted(stand_in: str) -> str:
    return f"chr(10) || '{stand_in[1]}'"


def is_as_stored(pointer: str) -> bool:
    """Return whether a JSON Pointer finds the same value in the stored `attributes` as in the original."""
    first = pointer.removeprefix("/").partition("/")[0]
    return bool(first) and not holds_contents(first.replace("~1", "/").replace("~0", "~"))
