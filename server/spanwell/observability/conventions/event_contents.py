"""Contents in the events of a span: a message each, or attributes as a span has them.

Told by shape: an event called `<..>.<role>.message` is a message that was given, `<..>.choice` one that was returned,
`<..>.query.result` a document that was found, and any attribute of an event that holds contents by the tables does so
there too.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from spanwell.observability.model.columns import Json

from .contents import contents_of, places_among
from .rows.contents import holds_contents
from .values import as_json, decoded, is_empty

_MESSAGE = re.compile(r"(?:^|\.)(?:(system|developer|user|assistant|tool)\.message|(choice))$")
_RESULT = re.compile(r"(?:^|\.)(?:query|search|retrieval)\.result$")
_BODY = "gen_ai.event.content"
"""The attribute in which older versions put the whole body of an event, as JSON in a text."""


def are_contents(events: Iterable[Mapping[str, Any]]) -> bool:
    """Return whether any of some events may hold contents."""
    return any(
        _MESSAGE.search(event["name"]) or _RESULT.search(event["name"]) or any(map(holds_contents, event["attributes"]))
        for event in events
    )


def contents_of_events(events: Iterable[Mapping[str, Any]]) -> dict[str, Json]:
    """Return those of `input` and `output` that events hold; each has a `name` and `attributes`."""
    stated: dict[str, Any] = {}
    given: list[Any] = []
    returned: list[Any] = []
    for event in events:
        match = _MESSAGE.search(event["name"])
        if match is None and _RESULT.search(event["name"]):
            returned.append(_document(event))
        elif match is None:
            stated.update(event["attributes"])
        elif match[2]:
            returned.append(_choice(_body(event["attributes"])))
        else:
            given.append(_message(_body(event["attributes"]), match[1]))
    if not returned and len(given) > 1 and _role(given[-1]) == "assistant":
        returned.append(given.pop())
    messages = {"input": given, "output": returned}
    found = {side: as_json(value) for side, value in messages.items() if value}
    return found | contents_of(stated, places_among(stated))


def events_in(text: Any) -> list[dict[str, Any]]:
    """Return the events that an attribute keeps, as JSON in a text: their names are in `event.name`."""
    found = decoded(text)
    listed = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    return [{"name": str(each.get("event.name", "")), "attributes": each} for each in listed]


def _body(attributes: Mapping[str, Any]) -> dict[str, Any]:
    whole = decoded(attributes.get(_BODY))
    inner = whole if isinstance(whole, dict) else {} if whole is None else {"content": whole}
    own = {key: value for key, value in attributes.items() if not key.startswith(("gen_ai.", "event."))}
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
    """Return a part of a message: a list or an object that came as JSON in a text, else the value as it is."""
    found = decoded(value)
    return found if isinstance(found, (dict, list)) else value


def _role(message: Any) -> Any:
    return message.get("role")
