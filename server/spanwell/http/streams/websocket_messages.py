"""The messages of `graphql-transport-ws`, read strictly: what is not plainly one of them ends the connection."""

from typing import Annotated, Any, TypeAlias

import msgspec

from spanwell.http.transport.requests import Params

PROTOCOL = "graphql-transport-ws"

_Id: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
_Payload: TypeAlias = dict[str, Any] | None


class BadMessage(Exception):
    """A client sent something that is no message, or not one that it may send."""


class Init(msgspec.Struct, tag_field="type", tag="connection_init"):
    """A client begins."""

    payload: _Payload = None


class Subscribe(msgspec.Struct, tag_field="type", tag="subscribe"):
    """A client asks for an operation, whose answers carry the id it gives."""

    id: _Id
    payload: Params


class Complete(msgspec.Struct, tag_field="type", tag="complete"):
    """A client wants no more of an operation."""

    id: _Id


class Ping(msgspec.Struct, tag_field="type", tag="ping"):
    """A client wants to know that we live."""

    payload: _Payload = None


class Pong(msgspec.Struct, tag_field="type", tag="pong"):
    """A client lives."""

    payload: _Payload = None


Message: TypeAlias = Init | Subscribe | Complete | Ping | Pong

_DECODER: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)


def read(text: str | None) -> Message:
    """Return the message of a frame, whose text is None where it is binary. Raises `BadMessage`."""
    if text is None:
        raise BadMessage("Messages are text.")
    try:
        return _DECODER.decode(text)
    except msgspec.ValidationError as error:
        raise BadMessage(f"Invalid message: {str(error)[:80]}") from None
    except (msgspec.DecodeError, RecursionError):
        raise BadMessage("The message is not valid JSON.") from None
