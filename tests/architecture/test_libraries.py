"""What Spanwell reaches into of other libraries is still there; a failure names the library and what it changed."""

import inspect
import re
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest
import strawberry
import uvicorn
from graphql import GraphQLError, GraphQLSchema, OperationDefinitionNode, build_schema, parse
from graphql.execution.values import get_variable_values
from strawberry.types.fields.resolver import StrawberryResolver
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

import spanwell
from spanwell.graphql import library
from spanwell.graphql.library import CoreExecutor
from spanwell.graphql.schema import schema
from spanwell.importing.elements import _MISSING

SERVER = Path(spanwell.__file__).parent
ADAPTER = SERVER / "graphql" / "library.py"
INSIDES = re.compile(
    r"schema\._schema\b|_strawberry_schema|_raw_info|__strawberry_definition__|base_resolver|\.coerced\b"
)


def test_only_the_adapter_reaches_into_strawberry_and_graphql_core() -> None:
    assert [path for path in SERVER.rglob("*.py") if INSIDES.search(path.read_text("utf-8"))] == [ADAPTER]


def test_strawberry_keeps_its_core_schema() -> None:
    assert isinstance(library.core_schema(schema), GraphQLSchema), "strawberry: Schema._schema"


def test_strawberry_is_known_to_its_core_schema() -> None:
    core: Any = library.core_schema(schema)
    assert core._strawberry_schema is schema, "strawberry: GraphQLSchema._strawberry_schema"


def test_strawberry_keeps_the_raw_info() -> None:
    assert "_raw_info" in inspect.get_annotations(strawberry.Info), "strawberry: Info._raw_info"


@pytest.mark.parametrize(
    "fact", ["is_async", "info_parameter", "parent_parameter", "root_parameter", "self_parameter", "wrapped_func"]
)
def test_strawberry_tells_what_a_resolver_takes(fact: str) -> None:
    assert hasattr(StrawberryResolver(len), fact), f"strawberry: StrawberryResolver.{fact}"


def test_strawberry_keeps_an_enum_definition() -> None:
    class Colour(Enum):
        RED = 1

    members: Any = strawberry.enum(Colour)
    assert [value.name for value in members.__strawberry_definition__.values] == ["RED"], "strawberry: enums"


@pytest.mark.parametrize(
    ("owner", "method"),
    [
        (HttpToolsProtocol, "on_message_begin"),
        (HttpToolsProtocol, "on_message_complete"),
        (RequestResponseCycle, "send"),
        (WebSocketsSansIOProtocol, "run_asgi"),
        (uvicorn.Server, "shutdown"),
        (uvicorn.Server, "capture_signals"),
        (uvicorn.Server, "handle_exit"),
    ],
)
def test_uvicorn_has_the_methods_that_are_overridden(owner: type, method: str) -> None:
    assert callable(getattr(owner, method)), f"uvicorn: {owner.__name__}.{method}"


@pytest.mark.parametrize("method", ["complete_list_value", "execute_field", "execute_fields", "build"])
def test_graphql_core_has_the_methods_that_are_overridden(method: str) -> None:
    assert callable(getattr(CoreExecutor, method)), f"graphql-core: Executor.{method}"


def _message(work: Callable[[], Any]) -> str:
    try:
        found = work()
    except (GraphQLError, msgspec.ValidationError) as error:
        return str(error)
    return str(found[0].message)


def test_graphql_core_words_too_many_tokens_as_before() -> None:
    assert library.TOO_MANY_TOKENS in _message(lambda: parse("{ a b c }", max_tokens=2))


def test_graphql_core_words_a_bad_variable_as_before() -> None:
    small = build_schema("input I { a: Int! } type Query { q(i: I): Int }")
    (operation,) = parse("query ($i: I) { q(i: $i) }").definitions
    assert isinstance(operation, OperationDefinitionNode)
    definitions = operation.variable_definitions or ()
    message = _message(lambda: get_variable_values(small, definitions, {"i": {"a": "x"}}))
    match = library.VARIABLE_MESSAGE.fullmatch(message)
    assert match is not None, message
    assert match.group(1, 2) == ("i", ".a"), message


def test_msgspec_words_a_missing_field_as_before() -> None:
    class Element(msgspec.Struct):
        id: int

    assert _MISSING.search(_message(lambda: msgspec.json.decode(b"{}", type=Element)))


def test_duckdb_words_a_file_that_is_none_as_before(tmp_path: Path) -> None:
    path = tmp_path / "spans.duckdb"
    path.write_bytes(b"x" * 9_000)
    with pytest.raises(duckdb.Error, match="not a valid DuckDB database"):
        duckdb.connect(path)
