"""The longest pointer that may be asked for is followed, through objects and lists, in conditions and as a group."""

import json
from typing import Any

import pytest

from spanwell.observability.model.columns import Json, Kind
from spanwell.observability.questions.conditions import Attribute, Compare, Level, Op
from spanwell.observability.questions.discovery import ValuesQuery
from spanwell.observability.questions.fields import span_field
from spanwell.observability.questions.pointers import attribute_pointer
from tests.making import span
from tests.storage.pair import Pair

LONGEST = "/a" * 100


@pytest.mark.parametrize("in_lists", [False, True])
@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.JSON])
def test_the_longest_pointer_is_followed(pair: Pair, kind: Kind, *, in_lists: bool) -> None:
    document: Any = "end"
    for _ in range(100):
        document = {"a": [document] if in_lists and document != "end" else document}
    pair.replay([("create", [span("t", "a", attributes=Json(json.dumps(document))), span("t", "b")])])
    attribute = Attribute(Level.SPAN, attribute_pointer(Level.SPAN, LONGEST), kind)
    sought = "end" if kind is Kind.TEXT else '"end"'
    assert pair.both("count_spans", Compare(attribute, Op.EQ, sought)) == 1
    (found,) = pair.both("list_field_values", ValuesQuery(span_field(LONGEST, Level.SPAN), 5))
    assert (found.value, found.count) == ("end", 1)
