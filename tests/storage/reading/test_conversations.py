"""Sessions and threads are the same in SQL as in plain Python."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spanwell.observability.access import Access
from spanwell.observability.model.columns import Json
from spanwell.observability.questions.conditions import ALWAYS, HasTrace
from spanwell.observability.questions.conversations import (
    CONVERSATION_COLUMNS,
    CONVERSATION_IDENTITY,
    NEWEST_ACTIVITY,
    PREVIEW,
    SUMS,
    ConversationQuery,
    Together,
)
from spanwell.observability.questions.ordering import OrderKey, position, total_order
from spanwell.observability.questions.queries import Window
from spanwell.observability.tenants.storage import TenantStorage
from tests import strategies
from tests.making import at, ended, span
from tests.storage.pair import Pair

SOME = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

(ID,) = (column for column in CONVERSATION_COLUMNS if column.name == "conversation_id")


@st.composite
def _of_traces(draw: st.DrawFn) -> HasTrace:
    """Draw a condition on the traces: a function, which is short to tell of."""
    return HasTrace(draw(strategies.TRACE_CONDITIONS))


QUERIES = st.builds(
    ConversationQuery,
    st.sampled_from(Together),
    strategies.WINDOWS,
    st.just(ALWAYS) | strategies.TRACE_CONDITIONS,
    st.just(ALWAYS)
    | st.recursive(
        st.sampled_from(SUMS).flatmap(strategies.comparisons) | _of_traces(),
        strategies.logic,
        max_leaves=3,
    ),
    st.lists(
        st.builds(OrderKey, st.sampled_from([*SUMS, ID]).map(lambda c: c.name), st.booleans(), st.booleans()),
        max_size=2,
    ).map(lambda keys: total_order(keys, CONVERSATION_IDENTITY))
    | st.just(NEWEST_ACTIVITY),
)


@SOME
@given(strategies.HISTORIES, QUERIES, st.data())
def test_pages_of_conversations(
    pair: Pair, history: list[tuple[str, Any]], query: ConversationQuery, data: st.DataObject
) -> None:
    pair.replay(history)
    every = pair.both("list_conversations", replace(query, window=Window(100))).nodes
    assert pair.both("count_conversations", query) == len(every)
    places = st.sampled_from([None, *(position(each, query.order) for each in every)])
    window = replace(query.window, offset=0, after=data.draw(places), before=data.draw(places))
    query = replace(query, window=window)
    plain = pair.both("list_conversations", query)
    wanted = data.draw(st.frozensets(st.sampled_from([column.name for column in CONVERSATION_COLUMNS])))
    real = pair.ask(pair.real, "list_conversations", replace(query, columns=wanted))
    for name in wanted | {"conversation_id"} | {key.column for key in query.order}:
        assert [getattr(one, name) for one in real.nodes] == [getattr(one, name) for one in plain.nodes]


def test_the_newest_trace_speaks_for_a_session(pair: Pair) -> None:
    usage = Json(strategies.USAGES[0])
    long = "ä" * (PREVIEW + 1)
    pair.replay(
        [
            (
                "create",
                [
                    ended("t1", "a", session_id="s", user_id="old", input=Json('"first"')),
                    ended("t1", "b", "a", error_info=Json('"broken"'), attributes=usage),
                    ended(
                        "t2",
                        "a",
                        session_id="s",
                        started_at=at(5),
                        ended_at=at(6),
                        attributes=usage,
                    ),
                    span("t3", "a", session_id="s", started_at=at(5), user_id="new", input=Json(f'"{long}"')),
                    ended(
                        "u1", "a", session_id="json", started_at=at(7), ended_at=at(7), input=Json('{"q":"x\\u0000"}')
                    ),
                    ended("v1", "a", thread_id="s"),
                ],
            )
        ]
    )
    query = ConversationQuery(Together.SESSION, Window(5))
    one, other = pair.both("list_conversations", query).nodes
    assert (one.conversation_id, one.last_input) == ("json", '{"q":"x\\u0000"}')
    assert (other.conversation_id, other.trace_count, other.error_count, other.total_tokens) == ("s", 3, 1, 14)
    assert (other.first_activity_at, other.last_activity_at) == (at(0), at(6))
    assert (other.user_id, other.last_trace_id, other.last_input) == ("new", "t3", long[:PREVIEW])
    without = replace(query, columns=frozenset({"conversation_id"}))
    assert [each.last_input for each in pair.ask(pair.real, "list_conversations", without).nodes] == [None, None]


@pytest.mark.parametrize("column", [each.name for each in CONVERSATION_COLUMNS])
def test_a_tenant_may_ask_for_each_column_alone(pair: Pair, column: str) -> None:
    tenant = TenantStorage(pair.real, Access(organization="acme"))
    pair.ask(tenant, "batch_create_spans", [ended("t", "a", thread_id="s")])
    query = ConversationQuery(Together.THREAD, Window(5), columns=frozenset({column}))
    (found,) = pair.ask(tenant, "list_conversations", query).nodes
    assert found.conversation_id == "s"
    assert column != "last_trace_id" or found.last_trace_id == "t"
