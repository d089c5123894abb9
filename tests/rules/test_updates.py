"""An update replaces exactly what it names, of the spans that are there."""

import pytest

from spanwell.observability.derivation.batches import Created, Deleted, Updated
from spanwell.observability.derivation.merge import SpanUpdate
from spanwell.observability.model.columns import Json
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.span import SpanStatus
from tests.making import at, ended, span

from .door import Door


def test_an_update_of_a_missing_span_is_reported_and_the_rest_is_applied(door: Door) -> None:
    door.create(span("t", "a"), span("u", "b"))
    done = door.update(
        SpanUpdate("t", "a", {"name": "one"}),
        SpanUpdate("t", "b", {"name": "nowhere"}),
        SpanUpdate("no trace", "a", {"name": "nowhere"}),
        SpanUpdate("u", "b", {"ended_at": at(4)}),
    )
    assert done == Updated(2, (1, 2))
    assert (door.stored("t", "a").name, door.stored("u", "b").duration_ms) == ("one", 4000.0)
    assert door.spans().total == 2


def test_null_clears_and_absent_keeps(door: Door) -> None:
    door.create(ended("t", "a", user_id="u", tags=["x"], output=Json("1"), type="tool_call", run_id="r"))
    cleared: dict[str, object] = {"user_id": None, "tags": None, "output": None, "type": None, "ended_at": None}
    door.update(SpanUpdate("t", "a", cleared))
    found = door.stored("t", "a")
    assert (found.user_id, found.tags, found.output, found.type, found.ended_at) == (None, None, None, "generic", None)
    assert (found.run_id, found.status, found.duration_ms) == ("r", SpanStatus.RUNNING, None)


def test_json_is_replaced_whole_and_json_null_is_a_value(door: Door) -> None:
    door.create(span("t", "a", metadata=Json('{"a":1,"b":2}'), input=Json("[1]")))
    door.update(SpanUpdate("t", "a", {"metadata": Json('{"b":{"c":null}}')}))
    assert door.stored("t", "a").metadata == '{"b":{"c":null}}'
    assert door.stored("t", "a").input == "[1]"


@pytest.mark.parametrize("column", ["name", "started_at"])
def test_what_a_span_cannot_be_without_cannot_be_cleared(door: Door, column: str) -> None:
    door.create(span("t", "a"))
    with pytest.raises(InvalidInput) as refused:
        door.update(SpanUpdate("t", "a", {"user_id": "u"}), SpanUpdate("t", "a", {column: None}))
    assert refused.value.element == f"updates[1].{'startedAt' if column == 'started_at' else column}"
    assert door.stored("t", "a").user_id is None


def test_updates_of_one_span_in_one_batch_apply_in_order(door: Door) -> None:
    door.create(span("t", "a"))
    assert door.update(
        SpanUpdate("t", "a", {"name": "one", "user_id": "u"}), SpanUpdate("t", "a", {"name": "two"})
    ) == Updated(2, ())
    assert (door.stored("t", "a").name, door.stored("t", "a").user_id) == ("two", "u")


def test_an_update_moves_the_rollups_of_its_trace(door: Door) -> None:
    door.create(span("t", "root"), ended("t", "a", "root"), ended("t", "b", "a", service_name="x"))
    door.update(SpanUpdate("t", "b", {"error_info": Json("{}"), "service_name": "y"}))
    trace = door.summary("t")
    assert (trace.error_count, trace.has_error, trace.services, trace.status) == (1, True, ["y"], SpanStatus.RUNNING)
    assert door.stored("t", "root").has_child_error
    door.update(
        SpanUpdate("t", "b", {"error_info": None, "parent_span_id": "nowhere"}),
        SpanUpdate("t", "root", {"ended_at": at(9)}),
    )
    trace = door.summary("t")
    assert (trace.error_count, trace.orphan_count, trace.duration_ms) == (0, 1, 9000.0)
    assert not door.stored("t", "root").has_child_error


def test_an_update_that_makes_another_span_the_root_shows_that_one(door: Door) -> None:
    door.create(ended("t", "a", name="first", tags=["a"]), ended("t", "b", "a", name="second", tags=["b"]))
    door.update(SpanUpdate("t", "a", {"parent_span_id": "b"}), SpanUpdate("t", "b", {"parent_span_id": None}))
    root = door.summary("t").root
    assert root is not None
    assert (root.span_id, root.name, root.tags) == ("b", "second", ["b"])


def test_the_clock_of_the_server_tells_when_a_span_was_made_and_changed(door: Door) -> None:
    door.create(span("t", "a"))
    made = door.stored("t", "a")
    assert made.created_at == made.updated_at > 0
    door.update(SpanUpdate("t", "a", {"name": "other"}))
    changed = door.stored("t", "a")
    assert changed.created_at == made.created_at
    assert changed.updated_at > made.updated_at


def test_deleting_takes_all_spans_of_the_traces_and_unknown_ids_are_fine(door: Door) -> None:
    door.create(span("t", "a"), span("t", "b"), span("u", "a"))
    assert door.delete("t", "unknown", "t") == Deleted(1, 2)
    assert door.trace("t") is None
    assert door.find("t", "a") is None
    assert door.spans().total == door.traces().total == 1
    assert door.delete("t") == Deleted(0, 0)
    assert door.create(span("t", "b")) == Created(1, 0)


def test_after_clearing_everything_writing_goes_on(door: Door) -> None:
    door.create(span("t", "a"), span("u", "a"))
    assert door.clear() == Deleted(2, 2)
    assert door.spans().total == door.traces().total == 0
    assert door.create(span("t", "a", name="again")) == Created(1, 0)
    assert door.stored("t", "a").name == "again"
