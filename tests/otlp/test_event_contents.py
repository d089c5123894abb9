"""Messages in events of a span are its input and output, in whatever form they come."""

import json
from typing import Any

import pytest

from spanwell.observability.conventions.attributes import described


def event(name: str, **attributes: Any) -> dict[str, Any]:
    return {"name": name, "attributes": {key.replace("__", "."): value for key, value in attributes.items()}}


USER = event("gen_ai.user.message", content="hi")
FORMS: list[tuple[list[dict[str, Any]], object, object]] = [
    (
        [USER, event("gen_ai.choice", message="yes", finish_reason="stop")],
        [{"role": "user", "content": "hi"}],
        [{"role": "assistant", "content": "yes", "finish_reason": "stop"}],
    ),
    (
        [event("gen_ai.system.message", content="be kind"), USER],
        [{"role": "system", "content": "be kind"}, {"role": "user", "content": "hi"}],
        None,
    ),
    (
        [USER, event("gen_ai.choice", message='[{"toolUse": {"name": "t"}}]')],
        [{"role": "user", "content": "hi"}],
        [{"role": "assistant", "content": [{"toolUse": {"name": "t"}}]}],
    ),
    (
        [event("gen_ai.user.message", gen_ai__event__content='{"content": "hi", "role": "user"}')],
        [{"role": "user", "content": "hi"}],
        None,
    ),
    (
        [event("gen_ai.choice", gen_ai__event__content='{"index": 0, "message": {"content": "yes"}}')],
        None,
        [{"role": "assistant", "content": "yes"}],
    ),
    ([event("gen_ai.user.message", gen_ai__event__content="hi")], [{"role": "user", "content": "hi"}], None),
    (
        [
            event("gen_ai.content.prompt", gen_ai__prompt="hi"),
            event("gen_ai.content.completion", gen_ai__completion="yes"),
        ],
        "hi",
        "yes",
    ),
    (
        [
            event("gen_ai.client.inference.operation.details", gen_ai__input__messages='[{"role": "user"}]'),
            event("gen_ai.client.inference.operation.details", gen_ai__output__messages='[{"role": "assistant"}]'),
        ],
        [{"role": "user"}],
        [{"role": "assistant"}],
    ),
    (
        [
            event("db.query.result", db__query__result__id="1", db__query__result__document="a bike"),
            event("db.query.result", db__query__result__id="2"),
        ],
        None,
        [{"id": "1", "document": "a bike"}, {"id": "2"}],
    ),
    (
        [USER, event("gen_ai.assistant.message", content="yes")],
        [{"role": "user", "content": "hi"}],
        [{"role": "assistant", "content": "yes"}],
    ),
]


@pytest.mark.parametrize(("events", "given", "returned"), FORMS)
@pytest.mark.parametrize("others", [[], [event("exception", message="m")]])
def test_events_hold_what_was_given_and_returned(
    events: list[dict[str, Any]], given: object, returned: object, others: list[dict[str, Any]]
) -> None:
    found = described({}, {}, [*others, *events])
    assert {side: json.loads(found[side]) for side in ("input", "output") if side in found} == {
        side: value for side, value in (("input", given), ("output", returned)) if value is not None
    }


@pytest.mark.parametrize("prefix", ["", "acme.", "x:y."])
@pytest.mark.parametrize(("name", "side"), [("tool.output", "output"), ("input", "input"), ("agent.result", "output")])
@pytest.mark.parametrize("place", ["name", "key", "spelled"])
def test_what_an_event_holds_is_told_by_shape(prefix: str, name: str, side: str, place: str) -> None:
    events = {
        "name": event(f"{prefix}{name}", content="said"),
        "key": event("any", **{f"{prefix}{name}": "said"}),
        "spelled": event("any", **{f"{prefix}{name}.0.content": "said"}),
    }
    found = described({}, {}, [events[place]])
    assert json.loads(found[side]) == ("said" if place != "spelled" else [{"content": "said"}])


def test_what_the_attributes_hold_wins_over_events() -> None:
    assert json.loads(described({"input.value": "own"}, {}, [USER])["input"]) == "own"


def test_the_attribute_events_is_read_like_events() -> None:
    text = json.dumps([{"event.name": "gen_ai.user.message", "content": "hi", "role": "user"}, 5])
    assert json.loads(described({"events": text}, {})["input"]) == [{"role": "user", "content": "hi"}]
    assert described({"events": "[none"}, {}) == {}


def test_other_events_hold_nothing() -> None:
    assert described({}, {}, [event("exception", message="m"), event("cache.hit", key="k")]) == {}
