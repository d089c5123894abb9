"""Reads OTLP/JSON as protobuf messages, at a fraction of the cost of protobuf's own JSON parser.

The descriptor of each message type is read once: for each JSON name, the field and the reader of its values. A document
then becomes plain data, from which protobuf builds the message in one call.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from spanwell.observability.model.errors import InvalidInput

from .json_fields import json_names, scalar_reader

_Fields: TypeAlias = dict[str, tuple[str, Callable[[Any, int], Any]]]

_DEEPEST = 60
_FIELDS: dict[str, _Fields] = {}
"""The fields of each message type by JSON name; types may be recursive."""


def read_message(descriptor: Descriptor, value: Any, depth: int = 0) -> dict[str, Any]:
    """Return the fields of a message as arguments of its constructor. Raises `InvalidInput` naming the member.

    Unknown members and null members are ignored.
    """
    if not isinstance(value, dict):
        raise InvalidInput("is not an object")
    if depth > _DEEPEST:
        raise InvalidInput("is nested too deeply")
    fields = _FIELDS.get(descriptor.full_name) or _compiled(descriptor)
    found: dict[str, Any] = {}
    for key, inner in value.items():
        field = fields.get(key)
        if field is None or inner is None:
            continue
        name, read = field
        try:
            found[name] = read(inner, depth)
        except InvalidInput as error:
            raise _within(key, error) from None
    return found


def _compiled(descriptor: Descriptor) -> _Fields:
    fields = _FIELDS[descriptor.full_name] = {}
    for field in descriptor.fields:
        one = _reader(field)
        read = _list_of(one) if field.is_repeated else one
        fields.update(dict.fromkeys(json_names(field), (field.name, read)))
    return fields


def _reader(field: FieldDescriptor) -> Callable[[Any, int], Any]:
    if (message := field.message_type) is not None:
        return lambda value, depth: read_message(message, value, depth + 1)
    read = scalar_reader(field)
    return lambda value, _: read(value)


def _list_of(read: Callable[[Any, int], Any]) -> Callable[[Any, int], list[Any]]:
    def read_list(value: Any, depth: int) -> list[Any]:
        if not isinstance(value, list):
            raise InvalidInput("is not a list")
        found: list[Any] = []
        for each in value:
            try:
                found.append(read(each, depth))
            except InvalidInput as error:
                raise _within(f"[{len(found)}]", error) from None
        return found

    return read_list


def _within(outer: str, error: InvalidInput) -> InvalidInput:
    joint = "." if error.element and not error.element.startswith("[") else ""
    return InvalidInput(error.problem, f"{outer}{joint}{error.element}")
