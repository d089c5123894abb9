"""Batches decoded by msgspec mean what graphql-core makes of them, and what it refuses is left to it."""

import json
import subprocess
import sys
from typing import Any

import pytest
from graphql import GraphQLError, OperationDefinitionNode, parse
from graphql.execution.values import get_variable_values
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwell.graphql.fast import batch_mutations
from spanwell.graphql.fast.batch_decoding import LIST_INPUTS
from spanwell.graphql.fast.batch_elements import Variables
from spanwell.graphql.fast.batch_variables import VariablesReader, plain_variables
from spanwell.graphql.library import core_schema
from spanwell.graphql.resolvers.writing.elements import Read
from spanwell.graphql.schema import schema
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.span import GIVEN_COLUMNS
from spanwell.observability.model.text import REPLACED

from .broken_decoding import BREAKAGES, LEFT, TAKEN
from .test_direct import CREATES, UPDATES

SPAN = {"traceId": "t", "spanId": "s", "name": "n", "startedAt": "2026-01-01T00:00:00Z"}
UPDATE = {"traceId": "t", "spanId": "s"}
REFUSED = "refused"


def operation(kind: str) -> OperationDefinitionNode:
    (node,) = parse(f"mutation M($given: [{kind}!]!) {{ __typename }}").definitions
    assert isinstance(node, OperationDefinitionNode)
    return node


FAST = [kind for kind, given in LIST_INPUTS.items() if given.struct]
OPERATIONS = {kind: operation(kind) for kind in FAST}
MEANING: dict[str, Any] = {"CreateSpanInput": batch_mutations.span_of, "UpdateSpanInput": batch_mutations.update_of}


def ordinary(kind: str, text: bytes) -> Any:
    """Return what graphql-core makes of variables in JSON."""
    try:
        values = plain_variables(text).values
    except InvalidInput:
        return REFUSED
    coerced = get_variable_values(core_schema(schema), OPERATIONS[kind].variable_definitions or (), dict(values))
    if isinstance(coerced, list):
        assert all(isinstance(error, GraphQLError) for error in coerced)
        return REFUSED
    return list(map(MEANING[kind], coerced.coerced["given"]))


def fast(kind: str, text: bytes) -> Variables:
    return VariablesReader(OPERATIONS[kind], LIST_INPUTS).read(text)


def check(kind: str, text: bytes) -> bool:
    """Hold both ways equal; returns whether the fast one was taken."""
    expected = ordinary(kind, text)
    try:
        found = fast(kind, text)
    except InvalidInput:
        assert expected == REFUSED
        return False
    if not found.read:
        return False  # graphql-core coerces the plain values, whatever they are
    assert isinstance(found.read["given"], Read)
    assert list(found.read["given"].records) == expected
    return True


def encoded(elements: list[Any]) -> bytes:
    return json.dumps({"given": elements}).encode()


@settings(max_examples=300)
@given(st.lists(CREATES, max_size=4))
def test_good_spans_are_decoded_and_the_same(elements: list[Any]) -> None:
    assert check("CreateSpanInput", encoded(elements))


@settings(max_examples=300)
@given(st.lists(UPDATES, max_size=4))
def test_good_updates_are_decoded_and_the_same(elements: list[Any]) -> None:
    assert check("UpdateSpanInput", encoded(elements))


WRONG: list[Any] = [
    *(None, True, False, 0, 1, -1, 1.0, 1.5, 2**31, 2**63, 2**64, 10**40, 1e300, "", "text", "true", "1", [], {}),
    *([None], ["a", None], ["a", 1], [["a"]], {"a": 1}, [{}], "2026-01-01T00:00:00Z", "2026-01-01T00:00:00", "SERVER"),
    *("2026-02-30T00:00:00Z", "1600-01-01T00:00:00Z", "2026-01-01T00:00:00.123456789999+14:00", "OK", "server", "é"),
]


@pytest.mark.parametrize("column", [column.label for column in GIVEN_COLUMNS] + ["traceId", "spanId"])
@pytest.mark.parametrize(("kind", "base"), [("CreateSpanInput", SPAN), ("UpdateSpanInput", UPDATE)])
def test_every_wrong_value_of_every_field(kind: str, base: dict[str, Any], column: str) -> None:
    taken = [check(kind, encoded([{**base, column: value}, base])) for value in WRONG]
    assert any(taken)
    assert not all(taken) or column in {c.label for c in GIVEN_COLUMNS if c.value_type is not str}


@pytest.mark.parametrize("missing", SPAN)
def test_what_is_missing_is_left_to_graphql_core(missing: str) -> None:
    span = {key: value for key, value in SPAN.items() if key != missing}
    assert not check("CreateSpanInput", encoded([span]))


SPAN_TEXT = json.dumps(SPAN)[:-1].encode()
BEGUN = b'{"given": [' + SPAN_TEXT
ODD = {
    "an unknown field": BEGUN + b', "nmae": 1}]}',
    "another variable": BEGUN + b'}], "other": 1}',
    "one object for a list": b'{"given": ' + SPAN_TEXT + b"}}",
    "null for a span": b'{"given": [null]}',
    "null for the list": b'{"given": null}',
    "no list": b"{}",
    "null for the variables": b"null",
    "a list for the variables": b"[]",
    "a list in the list": b'{"given": [[' + SPAN_TEXT + b"}]]}",
    "the end missing": BEGUN,
    "something after the end": BEGUN + b"}]}}",
    "a number beyond doubles": BEGUN + b', "input": [1e999]}]}',
    "NaN": BEGUN + b', "input": [NaN]}]}',
    "deep nesting": BEGUN + b', "input": ' + b"[" * 5_000 + b"]" * 5_000 + b"}]}",
    "5,000 digits": BEGUN + b', "input": ' + b"9" * 5_000 + b"}]}",
}
GOOD = {
    "a key given twice": BEGUN + b', "name": "other", "input": {"a": 1, "a": 2}}]}',
    "the variable given twice": b'{"given": [], "given": [' + SPAN_TEXT + b"}]}",
    "escapes": b'{"given": ['
    + SPAN_TEXT
    + b', "n\\u0061me": "\\u00e9\\/", "input": "\\u00e9\\/\\u0000\\ud83d\\ude00"}]}',
    "white space": b' { "given" : [ ' + SPAN_TEXT + b' , "input" : { "a" : [ 1 , 2 ] } } ] } ',
    "odd numbers": b'{"given": ['
    + SPAN_TEXT
    + b', "input": [1.0, -0, -0.0, 1e5, 1E-7, 123456789012345678901234567890]}]}',
    "an empty list": b'{"given": []}',
}


@pytest.mark.parametrize("kind", FAST)
@pytest.mark.parametrize("name", ODD)
def test_odd_variables_are_left_to_graphql_core(kind: str, name: str) -> None:
    assert not check(kind, ODD[name])


BROKEN = {
    "bad UTF-8": (BEGUN + b', "userId": "\xff"}]}', "user_id", REPLACED),
    "bad UTF-8 in JSON": (BEGUN + b', "input": {"a": "x\xff"}}]}', "input", f'{{"a":"x{REPLACED}"}}'),
    "half a surrogate pair": (BEGUN + b', "input": ["\\ud800 y"]}]}', "input", f'["{REPLACED} y"]'),
    "the other half": (
        BEGUN + b', "name": "a\\udc00\\ud83d\\ude00\\\\ud800"}]}',
        "name",
        f"a{REPLACED}\U0001f600\\ud800",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_text_that_is_none_costs_no_more_than_what_is_wrong_in_it(name: str) -> None:
    body, column, expected = BROKEN[name]
    (found,) = fast("CreateSpanInput", body).read.values()
    (span,) = found.records
    assert getattr(span, column) == expected


@pytest.mark.parametrize("kind", FAST)
@pytest.mark.parametrize("name", GOOD)
def test_good_variables_may_be_written_in_many_ways(kind: str, name: str) -> None:
    assert check(kind, GOOD[name])


@pytest.mark.parametrize(
    "variable", ["$given: CreateSpanInput!", "$given: [CreateSpanInput]!", "$given: [String!]!", "$given: TraceFilter"]
)
def test_only_lists_of_known_inputs_are_decoded(variable: str) -> None:
    (node,) = parse(f"mutation M({variable}) {{ __typename }}").definitions
    assert isinstance(node, OperationDefinitionNode)
    found = VariablesReader(node, LIST_INPUTS).read(encoded([SPAN]))
    assert (found.read, found.values) == ({}, {"given": [SPAN]})


@pytest.mark.parametrize("kind", FAST)
def test_variables_may_have_any_name_and_come_in_any_number(kind: str) -> None:
    (node,) = parse(f"mutation M($class: [{kind}!]!, $v0: [{kind}!]) {{ __typename }}").definitions
    assert isinstance(node, OperationDefinitionNode)
    found = VariablesReader(node, LIST_INPUTS).read(json.dumps({"v0": [], "class": [SPAN]}).encode())
    assert {name: len(value.records) for name, value in found.read.items()} == {"class": 1, "v0": 0}


_AT_ONCE = """
import sys, threading, msgspec
from spanwell.graphql.fast import batch_decoding

sys.setswitchinterval(1e-6)

def decode(kind, others):
    others.wait()
    kind = msgspec.defstruct("Variables", [("v", list[kind])])
    msgspec.json.Decoder(kind).decode(b'{"v":[{"traceId":"t","spanId":"s","name":"n","startedAt":"2026-01-01"}]}')

for _ in range(300):
    kind = batch_decoding._struct("S", lambda column: column.required, batch_decoding._default)
    others = threading.Barrier(2)
    threads = [threading.Thread(target=decode, args=(kind, others)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""


def test_the_first_batches_may_come_at_the_same_time() -> None:
    """Of two threads that made the first decoder of a struct, one crashed the process."""
    assert subprocess.run([sys.executable, "-c", _AT_ONCE], check=False, timeout=60).returncode == 0


def differing() -> set[str]:
    """Return the examples that are not what graphql-core makes of them."""
    found: set[str] = set()
    for name, (kind, text) in {**TAKEN, **LEFT}.items():
        try:
            assert check(kind, text) == (name in TAKEN)
        except AssertionError:
            found.add(name)
    return found


def test_nothing_is_noticed_where_nothing_is_broken() -> None:
    assert differing() == set()


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_what_is_broken_on_purpose_is_noticed(breakage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    BREAKAGES[breakage](monkeypatch)
    assert differing()
