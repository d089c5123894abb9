"""The values of an operation's variables, read from JSON: big lists of input objects straight into what they mean.

`[CreateSpanInput!]!` with a thousand spans is decoded by msgspec into the records that the mutation stores, where
graphql-core would look at every field of every object. A list that is in any way not as it should be is decoded as
plain JSON, and graphql-core coerces it; so refusals are worded by graphql-core alone.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import msgspec
from graphql import ListTypeNode, NamedTypeNode, NonNullTypeNode, OperationDefinitionNode, TypeNode
from msgspec import UNSET

from spanwell.graphql.resolvers.writing.elements import Read
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.text import repaired_json

from .batch_elements import ListInput, Skipping, Variables

JsonText: TypeAlias = bytes | msgspec.Raw
"""JSON as it came: the bytes, or the part of a body that they are."""

ListInputs: TypeAlias = Mapping[str, ListInput]
"""By the name of the input object."""


BIG = 64 * 1024
"""Bytes of variables that take longer to read, some 100 microseconds, than a thread takes to be asked."""


def is_big(given: Mapping[str, Any] | JsonText) -> bool:
    """Return whether variables came as text that takes long to read."""
    return isinstance(given, bytes | msgspec.Raw) and memoryview(given).nbytes > BIG


_PLAIN = msgspec.json.Decoder(dict[str, Any] | None)


def plain_variables(text: JsonText) -> Variables:
    """Return variables as plain JSON. Raises `InvalidInput`."""
    try:
        return Variables(_PLAIN.decode(text) or {})
    except msgspec.ValidationError:
        raise InvalidInput("is not a JSON object", "variables") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidInput("is not valid JSON in UTF-8", "variables") from None


class VariablesReader:
    """Reads the variables of one operation; elements of lists one by one, where they may be skipped."""

    def __init__(
        self, operation: OperationDefinitionNode, inputs: ListInputs, skipping: Skipping | None = None
    ) -> None:
        listed = {each.variable.name.value: _listed(each.type) for each in operation.variable_definitions or ()}
        self._inputs, self._skipping = inputs, skipping
        self._kinds = {name: kind for name, kind in listed.items() if kind in inputs}
        self._lists = {name: inputs[kind] for name, kind in self._kinds.items() if inputs[kind].struct}
        self._others = [name for name in listed if name not in self._lists]
        self._decoder = msgspec.json.Decoder(self._struct()) if self._lists else None
        self._ahead = _Ahead.of(self._lists, self._others)

    def read(self, text: JsonText) -> Variables:
        """Return the variables in a JSON object, with texts that are no text repaired. Raises `InvalidInput`."""
        found = (self._ahead and self._ahead.read(text)) or self._read_lists(text)
        if found is not None:
            return found
        try:
            return self.read_plain(plain_variables(text).values)
        except InvalidInput:
            repaired = repaired_json(bytes(text))
            if repaired == bytes(text):
                raise
            return self._read_lists(repaired) or self.read_plain(plain_variables(repaired).values)

    def read_plain(self, values: Mapping[str, Any]) -> Variables:
        """Return variables that came as values."""
        return self._skipping.read(values, self._kinds, self._inputs) if self._skipping else Variables(values)

    def _struct(self) -> type[msgspec.Struct]:
        # Variables may be called what Python's names must not be.
        names = [*self._lists, *self._others]
        kinds = [(f"v{at}", list_of(each.struct)) for at, each in enumerate(self._lists.values())]
        others = [(f"v{at}", Any, UNSET) for at in range(len(kinds), len(names))]
        fields = {f"v{at}": name for at, name in enumerate(names)}
        return msgspec.defstruct("Variables", [*kinds, *others], rename=fields, forbid_unknown_fields=True)

    def _read_lists(self, text: JsonText) -> Variables | None:
        if self._decoder is None:
            return None
        try:
            found = msgspec.structs.astuple(self._decoder.decode(text))
            read = {name: Read(each.read(found[at])) for at, (name, each) in enumerate(self._lists.items())}
        except (msgspec.DecodeError, InvalidInput, UnicodeDecodeError, RecursionError):
            return None
        return Variables(_known(self._others, found[len(read) :]) | {name: [] for name in read}, read)


def _known(names: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    """Return the variables that have a value."""
    return {name: value for name, value in zip(names, values, strict=True) if value is not UNSET}


class _Ahead:
    """Has the one list of an operation read elsewhere, so that here it is no more than a piece of text."""

    def __init__(self, name: str, prepare: Callable[[memoryview], Sequence[Any] | None], others: Sequence[str]) -> None:
        self._name, self._prepare, self._others = name, prepare, others
        fields = {f"v{at}": each for at, each in enumerate((name, *others))}
        kinds: list[Any] = [("v0", msgspec.Raw), *((key, Any, UNSET) for key in list(fields)[1:])]
        self._decoder = msgspec.json.Decoder(
            msgspec.defstruct("Text", kinds, rename=fields, forbid_unknown_fields=True)
        )

    @classmethod
    def of(cls, lists: Mapping[str, ListInput], others: Sequence[str]) -> "_Ahead | None":
        """Return what reads the variables of an operation, if it has one such list."""
        prepares = [(name, each.ahead) for name, each in lists.items() if each.ahead]
        return cls(*prepares[0], others) if len(lists) == len(prepares) == 1 else None

    def read(self, text: JsonText) -> Variables | None:
        """Return the variables in a JSON object; None if they are to be read here."""
        if memoryview(text).nbytes <= BIG:
            return None
        try:
            found, *others = msgspec.structs.astuple(self._decoder.decode(text))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        records = self._prepare(memoryview(found))
        if records is None:
            return None
        return Variables(_known(self._others, others) | {self._name: []}, {self._name: Read(records)})


def list_of(kind: Any) -> Any:
    """Return the type of lists of a type that is made at run time."""
    return list[kind]


def _listed(kind: TypeNode) -> str:
    """Return `T` of `[T!]!` and `[T!]`; nothing of other types."""
    items = kind.type if isinstance(kind, NonNullTypeNode) else kind
    item = items.type.type if isinstance(items, ListTypeNode) and isinstance(items.type, NonNullTypeNode) else None
    return item.name.value if isinstance(item, NamedTypeNode) else ""
