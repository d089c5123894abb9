"""What the attributes of a span repeat of its `input` and `output` is stored once.

Conventions put what a span was given and returned into attributes, of which `input` and `output` are made: the longest
texts of a span come twice. In the tables a number stands for such a text in `attributes`, after a line break, which the
JSON that is written here has nowhere; and a space before all of it says that there are such numbers. Only values of
attributes by the keys of `rows.contents.holds_contents` are replaced, at the top of the object: all others can be read
in `attributes` as it is stored.
"""

from dataclasses import dataclass

import msgspec

from spanwell.observability.conventions.rows.contents import holds_contents
from spanwell.observability.model.text import json_of

REPEATED = ("input", "output")
"""The columns whose values may be repeated in `attributes`."""

_SHORTENED = " "
_LEAST = 64
"""Letters of a value that are worth it."""
_BEGINNING = 24
"""Letters by which a value is looked for; of what begins as another attribute does, the repetition stays."""
_TOP: msgspec.json.Decoder[dict[str, msgspec.Raw]] = msgspec.json.Decoder(dict[str, msgspec.Raw])


@dataclass(frozen=True)
class _StandIns:
    """What stands for a value: where the attribute is the same JSON, and where it is a text that holds it."""

    same: str
    as_text: str


_STAND_INS = (_StandIns("\n1", "\n2"), _StandIns("\n3", "\n4"))
"""Those of each of `REPEATED`."""
STAND_INS = frozenset(text[1:] for each in _STAND_INS for text in (each.same, each.as_text))
"""What a stand-in is, as a JSON value."""


def shortened(attributes: str | None, *repeated: str | None) -> str | None:
    """Return the attributes of a span as they are stored beside the values of `REPEATED`."""
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
    """Return the attributes of a span as they came, from how they are stored beside the values of `REPEATED`."""
    if attributes is None or not attributes.startswith(_SHORTENED):
        return attributes
    found = attributes.removeprefix(_SHORTENED)
    for value, stand_ins in zip(repeated, _STAND_INS, strict=True):
        if value is not None:
            found = found.replace(stand_ins.as_text, json_of(value)).replace(stand_ins.same, value)
    return found


def whole_sql(attributes: str, *repeated: str) -> str:
    """Return the SQL of what `whole` returns, from that of the columns."""
    found = f"substr({attributes}, 2)"
    for value, stand_ins in zip(repeated, _STAND_INS, strict=True):
        text = f"CAST({value} AS VARCHAR)"
        found = f"replace({found}, {_quoted(stand_ins.as_text)}, coalesce(CAST(to_json({text}) AS VARCHAR), ''))"
        found = f"replace({found}, {_quoted(stand_ins.same)}, coalesce({text}, ''))"
    return f"CASE WHEN {is_shortened_sql(attributes)} THEN CAST({found} AS JSON) ELSE {attributes} END"


def is_shortened_sql(attributes: str) -> str:
    """Return the SQL of whether attributes, as they are stored, are not whole.

    JSON that begins with a space comes before all other. It is a comparison, for DuckDB knows from its statistics where
    nothing is so small.
    """
    return f"{attributes} < '{_SHORTENED}{{}}'"


def has_text_sql(attributes: str, column: str) -> str:
    """Return the SQL of whether an attribute, as it is stored, is a text that holds the value of a column."""
    return f"contains({attributes}, {_quoted(_STAND_INS[REPEATED.index(column)].as_text)})"


def _replaced(attributes: str, literal: str, stand_in: str) -> str | None:
    """Return attributes with something in the place of a value; None if no key that holds contents has that value."""
    at = attributes.find(literal[:_BEGINNING])  # of a long text only, for which Python would build tables
    if at < 0 or attributes[at - 2 : at] != '":' or not attributes.startswith(literal, at):
        return None
    begin = attributes.rfind('"', 0, at - 2)
    key = attributes[begin + 1 : at - 2]
    # The quote that begins a key is one within a text if there is a backslash before it.
    if attributes[begin - 1] not in "{," or not holds_contents(key) or not _is_at_top(attributes, at, key, literal):
        return None
    return attributes[:at] + stand_in + attributes[at + len(literal) :]


def _is_at_top(attributes: str, at: int, key: str, literal: str) -> bool:
    """Return whether a member of an object, whose value is at some place, is one of all of the attributes."""
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
    """Return whether what a JSON Pointer addresses in `attributes` is there as they are stored."""
    first = pointer.removeprefix("/").partition("/")[0]
    return bool(first) and not holds_contents(first.replace("~1", "/").replace("~0", "~"))
