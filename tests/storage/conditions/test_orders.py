"""Spans are ordered by attributes as the plain store orders them, page by page in both directions."""

from itertools import product

import pytest

from spanwell.observability.model.columns import Json, Kind
from spanwell.observability.model.span import Span
from spanwell.observability.questions.conditions import ALWAYS, Attribute, Level
from spanwell.observability.questions.ordering import SPAN_IDENTITY, OrderKey, position, total_order
from spanwell.observability.questions.queries import SpanQuery, Window
from tests.making import ended
from tests.storage.pair import Pair


@pytest.mark.parametrize("levels", list(product((Level.SPAN, Level.METADATA), repeat=2)))
def test_an_order_by_two_attributes_is_by_both(pair: Pair, levels: tuple[Level, Level]) -> None:
    """Each is in the attributes or the metadata; the number is missing from some spans."""
    pair.replay([("create", [_span(number, text) for number in (None, 1, 2, 3) for text in "zyx"])])
    first, second = levels
    number = OrderKey(first.value, descending=True, attribute=Attribute(first, "/a", Kind.NUMBER))
    text = OrderKey(second.value, attribute=Attribute(second, "/b", Kind.TEXT))
    order = total_order([number, text], SPAN_IDENTITY)
    whole = pair.both("list_spans", SpanQuery(Window(20), ALWAYS, order))
    assert [span.span_id for span in whole.nodes] == [f"{n}{t}" for n in (3, 2, 1, None) for t in "xyz"]
    for span in whole.nodes:
        here = position(span, order)
        pair.both("list_spans", SpanQuery(Window(3, after=here), ALWAYS, order))
        pair.both("list_spans", SpanQuery(Window(3, before=here, backward=True), ALWAYS, order))


def _span(number: int | None, text: str) -> Span:
    document = Json(f'{{"a": {"null" if number is None else number}, "b": "{text}"}}')
    return ended("t", f"{number}{text}", attributes=document, metadata=document)
