"""The elements of a batch one by one, so that those that cannot be read may be left out (`onInvalid: SKIP`)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from graphql import EnumValueNode, FieldNode, OperationDefinitionNode, VariableNode

from spanwell.graphql.resolvers.writing.outcomes import Skipped
from spanwell.observability.model.errors import InvalidInput

SKIP = "SKIP"
"""The value of `onInvalid` that leaves out what is wrong."""

_RAW = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ELEMENTS = msgspec.json.Decoder(list[msgspec.Raw])
_ANY = msgspec.json.Decoder()
_MISSING = re.compile(r"missing required field `(\w+)`")
_UNKNOWN = re.compile(r"unknown field `([^`]*)`")


@dataclass(frozen=True)
class ListInput:
    """How lists of an input object are decoded: as structs of a type, of which `read` makes what they mean.

    `ahead` is asked first for what a big list means, as text; None is its answer if it cannot tell.
    """

    struct: type[msgspec.Struct]
    read: Callable[[Sequence[Any]], Sequence[Any]]
    ahead: Callable[[memoryview], Sequence[Any] | None] | None = None


@dataclass(frozen=True)
class Read:
    """A list that was read into the records that it means, and need not be coerced."""

    records: Sequence[Any]
    skipped: Sequence[Skipped] = ()
    indexes: Sequence[int] | None = None
    """Where in the list the records stood, if some were skipped."""


@dataclass(frozen=True)
class Variables:
    """Values as the client sent them, which are still to be coerced, and lists that were read already."""

    values: Mapping[str, Any]
    read: Mapping[str, Read] = field(default_factory=dict[str, Read])


def skipping_of(operation: OperationDefinitionNode) -> str | None:
    """Return whether an operation skips what is wrong: `SKIP`, or `$` and the variable that says so; else None."""
    for node in operation.selection_set.selections:
        for argument in (node.arguments or ()) if isinstance(node, FieldNode) else ():
            if argument.name.value != "onInvalid":
                continue
            if isinstance(argument.value, EnumValueNode) and argument.value.value == SKIP:
                return SKIP
            if isinstance(argument.value, VariableNode):
                return f"${argument.value.name.value}"
    return None


def read_each(text: Any, lists: Mapping[str, ListInput], skipping: str) -> Variables | None:
    """Return variables with each element of the lists read by itself; None if nothing is to be skipped."""
    try:
        raw = _RAW.decode(text)
        values = {name: _ANY.decode(value) for name, value in raw.items() if name not in lists}
        if skipping != SKIP and values.get(skipping.removeprefix("$")) != SKIP:
            return None
        read = {name: _elements(_ELEMENTS.decode(raw[name]), each) for name, each in lists.items()}
    except (msgspec.DecodeError, KeyError, UnicodeDecodeError, RecursionError):
        return None
    return Variables({**values, **{name: [] for name in read}}, read)


def _elements(elements: Sequence[msgspec.Raw], given: ListInput) -> Read:
    decoder = msgspec.json.Decoder(given.struct)
    records: list[Any] = []
    indexes: list[int] = []
    skipped: list[Skipped] = []
    for index, element in enumerate(elements):
        try:
            records += given.read([decoder.decode(element)])
            indexes.append(index)
        except (msgspec.DecodeError, InvalidInput, UnicodeDecodeError, RecursionError) as error:
            skipped.append(Skipped(index, _named(element, "traceId"), _named(element, "spanId"), _reason(error)))
    return Read(records, skipped, indexes)


def _named(element: msgspec.Raw, name: str) -> str | None:
    try:
        value = _ANY.decode(_RAW.decode(element)[name])
    except (msgspec.DecodeError, KeyError, UnicodeDecodeError, RecursionError):
        return None
    return value if isinstance(value, str) else None


def _reason(error: Exception) -> str:
    """Return what is wrong in our words: of msgspec's only the member is taken."""
    if isinstance(error, InvalidInput):
        return str(error)
    said, _, path = str(error).partition(" - at `$")
    member = path.strip("`.")
    if missing := _MISSING.search(said):
        return f"`{missing[1]}` is missing."
    if unknown := _UNKNOWN.search(said):
        return f"`{unknown[1]}` is no field of it."
    return f"`{member}` has a value of the wrong type." if member else "It is not an object of the right fields."
