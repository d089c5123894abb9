"""Every operator of every field takes hostile values as values: the plain store's rows, or a clear refusal."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, get_named_type

from spanwell.graphql.library import core_schema
from spanwell.graphql.schema import schema
from spanwell.observability.model.columns import Json
from spanwell.storage import open_storage
from spanwell.storage.reference.storage import MemoryStorage
from tests.http.clients import LEAK
from tests.making import at, ended, span
from tests.rules.http_door import HttpDoor

TEXTS = [
    "' OR 1=1--",
    "'); DROP TABLE spans;--",
    '"',
    "$1",
    "?",
    "%",
    "_",
    "\\",
    "*",
    "a\0b",
    "😀",
    "\u202eRTL",
    "",
    " \t\n",
    "x" * 100_000,
    "(a+)+b",
]
OTHERS: list[Any] = [
    [],
    ["a"] * 10_000,
    None,
    2**31,
    2**63,
    -0.0,
    "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59+14:00",
    "0001-01-01T00:00:00-14:00",
    "2026-02-30T00:00:00Z",
    "2026-01-01T00:00:60Z",
    True,
    5,
    {"a": 1},
]

SPANS = [
    *(ended("t", f"s{i}", name=text[:50], user_id=text[:50], tags=[text[:50]]) for i, text in enumerate(TEXTS)),
    span("u", "run", input=Json('{"a":1}'), attributes=Json('{"k":"%"}')),
    ended("u", "err", "run", error_info=Json('{"message":"\'; DROP"}'), started_at=at(5)),
]


@pytest.fixture(scope="module")
def doors() -> Iterator[tuple[HttpDoor, HttpDoor]]:
    """Give two servers with the same spans: one over the plain store, one over DuckDB."""
    plain, real = HttpDoor(MemoryStorage()), HttpDoor(open_storage(":memory:"))
    for door in (plain, real):
        door.create(*SPANS)
    yield plain, real
    for door in (plain, real):
        door.close()


def fields_of(filter_type: str) -> list[tuple[str, str]]:
    kind = core_schema(schema).type_map[filter_type]
    assert isinstance(kind, GraphQLInputObjectType)
    return [
        (name, operator)
        for name, field in kind.fields.items()
        if isinstance(operators := get_named_type(field.type), GraphQLInputObjectType)
        and operators.name.endswith("Filter")
        and name
        not in {"and", "or", "not", "attributes", "spans", "parent", "ancestor", "child", "descendant", "sibling"}
        for operator in operators.fields
    ]


def answers(doors: tuple[HttpDoor, HttpDoor], query: str, **variables: Any) -> Any:
    """Return the answer that both servers give."""
    plain, real = (door.send(query, **variables) for door in doors)
    assert (real.status_code, real.content) == (plain.status_code, plain.content), variables
    assert real.status_code < 500
    assert not LEAK.search(real.text)
    return real.json()


LISTS = [("spans", "SpanFilter"), ("traces", "TraceFilter")]
ASKED = [(kind, asked, field, op) for kind, asked in LISTS for field, op in fields_of(asked)]


@pytest.mark.no_cover  # a sweep of 70,000 requests, through lines that the tests of filters state one by one
@pytest.mark.parametrize(("kind", "asked", "field", "operator"), ASKED, ids=str)
def test_a_hostile_value_is_a_value_or_is_refused_by_name(
    doors: tuple[HttpDoor, HttpDoor], kind: str, asked: str, field: str, operator: str
) -> None:
    """Texts that fit are asked about together; whatever does not fit the operator is refused one by one."""
    taken: list[dict[str, Any]] = []
    for payload in [*TEXTS, *OTHERS, *([text] for text in TEXTS)]:
        condition = {field: {operator: payload}}
        answer = answers(doors, f"query($f: {asked}) {{ {kind}(filter: $f, first: 0) {{ totalCount }} }}", f=condition)
        if "errors" in answer:
            assert {e["extensions"]["code"] for e in answer["errors"]} == {"BAD_USER_INPUT"}
        else:
            taken.append(answer)
    assert taken


@pytest.mark.parametrize("level", ["SPAN", "RESOURCE", "EVENT", "METADATA"])
def test_hostile_keys_of_attributes_are_keys(doors: tuple[HttpDoor, HttpDoor], level: str) -> None:
    query = "query($f: SpanFilter) { spans(filter: $f, first: 0) { totalCount } }"
    for key in [*TEXTS, "/", "/~2", "~", "$.a", "/k"]:
        asked = {"key": key, "level": level, "string": {"ne": "x"}}
        answers(doors, query, f={"attributes": [asked]})
        answers(doors, query, f={"attributes": [{"key": key, "level": level, "exists": True}], "search": key})
