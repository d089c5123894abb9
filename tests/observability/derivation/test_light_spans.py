"""What a trace sees of a changed span follows from the columns that an update reads, and from what was known of it."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from spanwell.observability.conventions.prices import PUBLIC
from spanwell.observability.derivation.derived import derived_of_times
from spanwell.observability.derivation.light_spans import (
    COLUMNS,
    changed_light_spans,
    columns_with_light,
)
from spanwell.observability.derivation.merge import SpanUpdate, columns_of_updates, updated
from spanwell.observability.model.columns import Json
from spanwell.observability.model.span import IDENTITY, Span
from tests.making import at, light_span
from tests.observability.derivation.test_trace_state import SPANS

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "parent_span_id": st.none() | st.just("p"),
    "started_at": st.integers(0, 5).map(at),
    "ended_at": st.none() | st.integers(0, 9).map(at),
    "error_info": st.none() | st.just(Json("{}")),
    "is_event": st.booleans(),
    "type": st.sampled_from(["generic", "agent_run", "chat"]),
    "service_name": st.none() | st.just("mail"),
    "tags": st.none() | st.just(["vip"]),
    "user_id": st.none() | st.just("ann"),
    "session_id": st.none() | st.just("s"),
    "output": st.none() | st.just(Json("1")),
    "attributes": st.just(Json('{"gen_ai.usage.input_tokens":7}')),
    "name": st.just("other"),
}
CHANGES = st.fixed_dictionaries({}, optional=VALUES)


def part(span: Span, columns: frozenset[str]) -> Span:
    """Return a span of which only some columns were read."""
    read = object.__new__(Span)
    read.__dict__.update({name: value for name, value in vars(span).items() if name in columns | IDENTITY})
    return read


@settings(max_examples=300)
@given(st.lists(st.tuples(SPANS, CHANGES), min_size=1, max_size=6))
def test_light_spans_of_partly_read_spans_are_those_of_whole_ones(
    changed: list[tuple[Span, dict[str, Any]]],
) -> None:
    spans = [derived_of_times(span) for span, _ in changed]
    updates = [SpanUpdate("t", span.span_id, changes) for span, changes in changed]
    columns = columns_with_light(columns_of_updates(updates) | IDENTITY)
    whole = [updated(span, update, PUBLIC) for span, update in zip(spans, updates, strict=True)]
    read = [updated(part(span, columns), update, PUBLIC) for span, update in zip(spans, updates, strict=True)]
    found = list(changed_light_spans(list(map(light_span, spans)), read, columns))
    assert found == list(map(light_span, whole))


def test_an_update_of_an_output_reads_nothing_else_that_a_trace_needs() -> None:
    columns = columns_with_light(columns_of_updates([SpanUpdate("t", "s", {"output": Json("1")})]) | IDENTITY)
    unread = {"service_name", "type", "tags", "user_id", "session_id", "total_tokens", "cost_usd"}
    assert unread <= set(COLUMNS)
    assert columns.isdisjoint(unread)
    assert {"user_id", "session_id"} <= columns_with_light(frozenset({"user_id"}))
