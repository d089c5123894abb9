"""Reads `input` and `output` from the events of a span: one message per event, or attributes like a span's.

Recognised by shape: an event named `<..>.<role>.message` is an input message, `<..>.choice` an output message, and
`<..>.query.result` a retrieved document. An attribute that holds contents on a span, by the tables, does so on an event
too.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

from spanwell.observability.model.columns import Json

from .contents import contents_of, places_among
from .rows.contents import IN_LOGS, holds_contents, side_by_shape
from .spelled_out import spelled_out
from .values import as_json, decoded, is_empty

_MESSAGE = re.compile(r"(?:^|\.)(?:(system|developer|user|assistant|tool)s?\.message|(choice))$")
_RESULT = re.compile(r"(?:^|\.)(?:query|search|retrieval)\.result$")
_BODY = "gen_ai.event.content"
"""The attribute in which older versions put the whole body of an event, as JSON text."""
_OTHERS = ("gen_ai.", "event.", "code.")
_NO_PART = frozenset({"event_name", "message.content", "CHAT_MESSAGE_INDEX"})
"""Prefixes and names of event attributes that are not part of the message."""

Event: TypeAlias = Mapping[str, Any]


def are_contents(events: Iterable[Event]) -> bool:
    """Return whether any of the events may hold contents."""
    return any(_is_called_so(event["name"]) or any(map(_may_hold, event["attributes"])) for event in events)


@lru_cache(1_024)
def _is_called_so(name: str) -> bool:
    """Return whether an event's name says that it holds contents."""
    return bool(_MESSAGE.search(name) or _RESULT.search(name) or name in IN_LOGS) or _may_hold(name)


@lru_cache(4_096)
def _may_hold(key: str) -> bool:
    """Return whether an attribute, flattened or not, may hold contents, by the tables or by the shape of its key."""
    return any(holds_contents(name) or side_by_shape(name) is not None for name in (key, *spelled_out([key])))


def contents_of_events(events: Iterable[Event]) -> dict[str, Json]:
    """Return the `input` and `output` in events, each with `name` and `attributes`; missing ones are left out."""
    found = _Found()
    for event in events:
        found.add(event)
    return found.contents()


class _Found:
    """Collects the contents of a span's events, in order."""

    def __init__(self) -> None:
        self._stated: dict[str, list[Any]] = {}
        self._messages: dict[str, list[Any]] = {"input": [], "output": []}

    def add(self, event: Event) -> None:
        """Add the contents of an event."""
        name, attributes = event["name"], event["attributes"]
        match = _MESSAGE.search(name)
        if match:
            body = _body(attributes)
            message = _choice(body) if match[2] else _message(body, match[1])
            self._messages["output" if match[2] else "input"].append(message)
        elif _RESULT.search(name):
            self._messages["output"].append(_document(event))
        elif name in IN_LOGS:
            for side, member in IN_LOGS[name].items():
                self._stated[f"{side}.value"] = [attributes.get(member)]  # the last call repeats the earlier ones
        else:
            self._add_stated(name, attributes)

    def _add_stated(self, name: str, attributes: Mapping[str, Any]) -> None:
        side = next((side for key, side in _PARTS.items() if name.endswith(key)), None)
        body = _body(attributes)
        if side and ("role" in body or "message" in body):
            self._messages[side].append(_message(body, "user") if side == "input" else _choice(body))
            return
        if "content" in body and _may_hold(name):
            attributes = {**attributes, name: body["content"]}
        for key, value in attributes.items():
            self._stated.setdefault(key, []).append(value)

    def contents(self) -> dict[str, Json]:
        """Return both sides; the answer may be the last of the messages."""
        given, returned = self._messages["input"], self._messages["output"]
        if not returned and len(given) > 1 and _role(given[-1]) == "assistant":
            returned.append(given.pop())
        found = {side: as_json(value) for side, value in self._messages.items() if value}
        stated = {key: _put_together(values) for key, values in self._stated.items()}
        return found | contents_of(stated, places_among(stated))


_PARTS: Mapping[str, str] = {".content.prompt": "input", ".content.completion": "output"}
"""Suffixes of the names of events that hold one message or all of them, and the side that they belong to."""


def _put_together(values: list[Any]) -> Any:
    """Merge the contents of several events under one key: all messages, or the single value."""
    said = [value for value in values if not is_empty(value)]
    lists = list(map(decoded, said))
    if len(said) > 1 and all(isinstance(each, list) for each in lists):
        return [message for each in lists for message in each]
    return said[-1] if said else values[-1]


def events_in(text: Any) -> list[dict[str, Any]]:
    """Return the events in an attribute that holds them as JSON text, with names in `event.name`."""
    found = decoded(text)
    listed = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    return [{"name": str(each.get("event.name", "")), "attributes": each} for each in listed]


def _body(attributes: Mapping[str, Any]) -> dict[str, Any]:
    whole = decoded(attributes.get(_BODY))
    inner = whole if isinstance(whole, dict) else {} if whole is None else {"content": whole}
    own = {key: value for key, value in attributes.items() if not key.startswith(_OTHERS) and key not in _NO_PART}
    return {**inner, **own}


def _message(body: Mapping[str, Any], role: str) -> dict[str, Any]:
    content = {key: decoded_part(value) for key, value in body.items()}
    return {"role": role, **content}


def _choice(body: Mapping[str, Any]) -> dict[str, Any]:
    message = decoded_part(body.get("message"))
    rest = {key: value for key, value in body.items() if key not in ("message", "index") and not is_empty(value)}
    if isinstance(message, dict):
        return {"role": "assistant", **message, **rest}
    return _message(rest if message is None else {"content": message, **rest}, "assistant")


def _document(event: Mapping[str, Any]) -> dict[str, Any]:
    prefix = f"{event['name']}."
    return {key.removeprefix(prefix): decoded_part(value) for key, value in event["attributes"].items()}


def decoded_part(value: Any) -> Any:
    """Return a part of a message: a list or object decoded from JSON text, else the value unchanged."""
    found = decoded(value)
    return found if isinstance(found, (dict, list)) else value


def _role(message: Any) -> Any:
    return message.get("role")
