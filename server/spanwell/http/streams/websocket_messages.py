"""The messages of `graphql-transport-ws`, parsed strictly: anything else closes the connection."""

from typing import Annotated, Any, TypeAlias

import msgspec

from spanwell.http.transport.requests import Params

PROTOCOL = "graphql-transport-ws"

_Id: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
_Payload: TypeAlias = dict[str, Any] | None


class BadMessage(Exception):
    """A client sent something that is not a message, or not one that it may send."""


class Init(msgspec.Struct, tag_field="type", tag="connection_init"):
    """The client initialises the connection."""

    payload: _Payload = None


class Subscribe(msgspec.Struct, tag_field="type", tag="subscribe"):
    """The client starts an operation; answers carry its id."""

    id: _Id
    payload: Params


class Complete(msgspec.Struct, tag_field="type", tag="complete"):
    """The client ends an operation."""

    id: _Id


class Ping(msgspec.Struct, tag_field="type", tag="ping"):
    """The client checks that the connection is alive."""

    payload: _Payload = None


class Pong(msgspec.Struct, tag_field="type", tag="pong"):
    """The client confirms that it is alive."""

    payload: _Payload = None


Message: TypeAlias = Init | Subscribe | Complete | Ping | Pong

_DECODER: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)


def read(text: str | None) -> Message:
    """Parse the text of a frame, None if it is binary. Raises `BadMessage`."""
    if text is None:
        raise BadMessage("Messages are text.")
    try:
        return _DECODER.decode(text)
    except msgspec.ValidationError as error:
        raise BadMessage(f"Invalid message: {str(error)[:80]}") from None
    except (msgspec.DecodeError, RecursionError):
        raise BadMessage("The message is not valid JSON.") from None
