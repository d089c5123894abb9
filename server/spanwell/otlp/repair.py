"""Repairs requests with invalid values: they are left out or replaced, and reported, so that the rest is stored."""

from collections.abc import Iterator
from functools import cache
from math import isfinite
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.text import REPLACED
from spanwell.observability.model.times import checked_moment, parse_moment, plain_epoch

from .json_fields import json_names, scalar_reader

Faults = list[InvalidInput]
"""The values that were left out of a request, or replaced."""

NO_TEXT = "is not valid UTF-8; invalid bytes are replaced"

_DEEPEST = 60
_TIME = "time_unix_nano"
_IN_PLACE = frozenset({"resource_spans", "scope_spans", "spans", "resource_logs", "scope_logs", "log_records"})
"""Lists whose elements are reported by index: an unreadable element stays as an empty one, to be rejected later."""
_MOST_NAMED = 3


def cleaned(descriptor: Descriptor, value: Any, faults: Faults, place: str = "", depth: int = 0) -> dict[str, Any]:
    """Return the readable members of an OTLP/JSON message. Raises `InvalidInput` if it is not a message at all."""
    if not isinstance(value, dict):
        raise InvalidInput("is not an object", place)
    if depth > _DEEPEST:
        raise InvalidInput("is nested too deeply", place)
    found: dict[str, Any] = {}
    for field in descriptor.fields:
        for key in value.keys() & set(json_names(field)):
            if value[key] is None:
                continue
            try:
                found[field.json_name] = _value(field, value[key], faults, f"{place}.{key}".lstrip("."), depth)
            except InvalidInput as error:
                faults.append(error)
    return found


def _value(field: FieldDescriptor, value: Any, faults: Faults, place: str, depth: int) -> Any:
    if not field.is_repeated:
        return _one(field, value, faults, place, depth)
    if not isinstance(value, list):
        raise InvalidInput("is not a list", place)
    found: list[Any] = []
    for index, each in enumerate(value):
        try:
            one = _one(field, each, faults, f"{place}[{index}]", depth)
        except InvalidInput as error:
            faults.append(error)
            one = {} if field.name in _IN_PLACE else None
        if one is not None and (field.name != "attributes" or "key" in one):
            found.append(one)
    return found


def _one(field: FieldDescriptor, value: Any, faults: Faults, place: str, depth: int) -> Any:
    if field.message_type is not None:
        return cleaned(field.message_type, value, faults, place, depth + 1)
    try:
        scalar_reader(field)(value)
    except InvalidInput as error:
        if field.name.endswith(_TIME) and (moment := _moment(value)) is not None:
            faults.append(InvalidInput(f"is not in nanoseconds; it is read as {moment}", place))
            return moment
        raise InvalidInput(error.problem, place) from None
    return value


def _moment(value: Any) -> str | None:
    """Return the nanoseconds of a timestamp that is a fractional number, or an RFC 3339 date and time."""
    try:
        number = value if isinstance(value, float) else float(value) if isinstance(value, str) else None
    except ValueError:
        number = None
    try:
        if number is not None:
            return str(checked_moment(int(plain_epoch(number)))) if isfinite(number) and number > 0 else None
        return str(parse_moment(value)) if isinstance(value, str) else None
    except InvalidInput:
        return None


def name_replaced(document: Any, faults: Faults) -> None:
    """Report the first texts of a repaired document in which characters were replaced."""
    for place in _replaced(document, ""):
        faults.append(InvalidInput(NO_TEXT, place))
        if len(faults) >= _MOST_NAMED:
            return


def _replaced(value: Any, place: str) -> Iterator[str]:
    waiting = [(value, place)]
    while waiting:
        value, place = waiting.pop()
        if isinstance(value, dict):
            waiting += [(inner, f"{place}.{key}".lstrip(".")) for key, inner in value.items()]
        elif isinstance(value, list):
            waiting += [(inner, f"{place}[{index}]") for index, inner in enumerate(value)]
        elif isinstance(value, str) and REPLACED in value:
            yield place


def repaired_protobuf(descriptor: Descriptor, body: bytes, faults: Faults) -> bytes:
    """Return a message with valid UTF-8 in all texts. Raises protobuf's `DecodeError` if it is not a message at all.

    Strings and bytes have the same wire format, so the message is parsed with types that have bytes for strings.
    """
    message = _with_bytes(descriptor).FromString(body)
    _repair(message, descriptor, faults, "")
    return message.SerializeToString()


@cache
def _with_bytes(descriptor: Descriptor) -> type[Message]:
    pool = DescriptorPool()
    _add_file(pool, descriptor.file)
    return GetMessageClass(pool.FindMessageTypeByName(descriptor.full_name))


def _add_file(pool: DescriptorPool, file: Any) -> None:
    for needed in file.dependencies:
        _add_file(pool, needed)
    changed = FileDescriptorProto()
    file.CopyToProto(changed)
    waiting = list(changed.message_type)
    while waiting:
        message = waiting.pop()
        waiting += message.nested_type
        for field in message.field:
            if field.type == FieldDescriptorProto.TYPE_STRING:
                field.type = FieldDescriptorProto.TYPE_BYTES
    pool.AddSerializedFile(changed.SerializeToString())


def _repair(message: Any, descriptor: Descriptor, faults: Faults, place: str) -> None:
    for field, value in message.ListFields():
        real = descriptor.fields_by_name[field.name]
        named = f"{place}.{real.json_name}".lstrip(".")
        if real.message_type is not None:
            each = enumerate(value) if real.is_repeated else [(None, value)]
            for index, inner in each:
                _repair(inner, real.message_type, faults, named if index is None else f"{named}[{index}]")
        elif real.type == FieldDescriptor.TYPE_STRING:
            repaired = list(map(_text, value)) if real.is_repeated else _text(value)
            if repaired != value:
                faults.append(InvalidInput(NO_TEXT, named))
                if real.is_repeated:
                    value[:] = repaired
                else:
                    setattr(message, field.name, repaired)


def _text(value: bytes) -> bytes:
    return value.decode("utf-8", "replace").encode()
