"""Column by column, a query gives what it gives field by field: the same data, the same errors, in the same order.

Set SPANWELL_EXECUTION_CHECKS for more checks than the 2,000 of an ordinary run. A failure names its seed:
`python -m tests.graphql.fast.test_columnar SEED` shows the query and both answers.
"""

import asyncio
import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from math import nan
from operator import attrgetter
from random import Random
from types import ModuleType
from typing import Any

import orjson
import pytest
from graphql import GraphQLEnumType, is_scalar_type
from graphql.execution import Executor

from spanwell.graphql.basics.connections import Connected
from spanwell.graphql.execution.executor import Execution, _result
from spanwell.graphql.execution.limits import QueryLimits
from spanwell.graphql.execution.prepared import GraphQLRequest, Prepared
from spanwell.graphql.fast import column_executor, column_plans, leaf_columns
from spanwell.graphql.fast.column_executor import ColumnarExecutor
from spanwell.graphql.fast.leaf_columns import Odd
from spanwell.graphql.library import core_schema
from spanwell.graphql.resolvers.context import Context
from spanwell.graphql.schema import schema
from spanwell.observability.model.columns import Kind
from spanwell.observability.model.span import SpanStatus
from spanwell.observability.questions.queries import Page
from spanwell.observability.service import Observability
from tests.making import START

from .breaking import BreakingStorage, names, some_spans
from .random_queries import QueryMaker, random_variables

pytestmark = [
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
"""graphql-core gives up resolvers that it has called already where another failed."""

CHECKS = int(os.environ.get("SPANWELL_EXECUTION_CHECKS", "2000"))
OF_A_DOCUMENT = 5
AT_ONCE = 250
SOME = 100

_CORE = core_schema(schema)
_LIMITS = QueryLimits(tokens=20_000, fields=100_000, aliases=100_000, cost=10**9, directives=100_000, overlaps=10**9)


def _execution(executor: type[Executor[Any]]) -> Execution:
    return Execution(_CORE, limits=_LIMITS, executor_class=executor)


class Both:
    """Asks both executors the same."""

    def __init__(self) -> None:
        self.storage = BreakingStorage(clock=lambda: START)  # what is broken of a record depends on all it holds
        self.runner = asyncio.Runner()
        self.runner.run(self.storage.batch_create_spans(some_spans()))
        self._service = Observability(self.storage)
        self._ordinary = _execution(schema.execution_context_class)
        self._columnar = _execution(ColumnarExecutor)

    def answers(self, seed: int) -> tuple[str, dict[str, Any], list[bytes]]:
        """Return a random query, its variables, and what either executor answers."""
        random = Random(seed // OF_A_DOCUMENT)
        query = QueryMaker(_CORE, random).document()
        random = Random(seed)
        variables = random_variables(random)
        self.storage.seed = None if random.random() < 0.4 else seed
        request = GraphQLRequest(query, None, variables)
        return query, variables, self.runner.run(self._answers(request))

    async def _answers(self, request: GraphQLRequest) -> list[bytes]:
        prepared = self._ordinary.prepare(request)  # which asks nothing of an executor
        found = [await self._answer(each, prepared) for each in (self._ordinary, self._columnar)]
        await asyncio.sleep(0)  # what an error left behind is settled in the background
        return found

    async def _answer(self, execution: Execution, prepared: Prepared) -> bytes:
        result, _ = await execution._finished(
            _result(execution._build(prepared, Context(self._service))), self._service, ()
        )
        errors = [(str(error), error.path) for error in result.errors or ()]
        try:
            return orjson.dumps([errors, result.data], default=repr)
        except TypeError:
            return b"what cannot be sent"

    def differ(self, seeds: Iterable[int]) -> int | None:
        """Return the first seed whose answers differ."""
        for seed in seeds:
            _, _, (ordinary, fast) = self.answers(seed)
            if ordinary != fast:
                return seed
        return None


@pytest.fixture(autouse=True, scope="module")
def settled() -> Iterator[None]:
    """Have what graphql-core gave up warned of here, where it is ignored, and not in whatever test comes next."""
    yield
    gc.collect()


@pytest.fixture(scope="module")
def both() -> Iterator[Both]:
    made = Both()
    with made.runner:
        yield made


def test_a_column_with_a_text_beside_an_equal_member_of_an_enum_is_left_to_the_ordinary_way() -> None:
    kind = _CORE.get_type("SpanStatus")
    assert isinstance(kind, GraphQLEnumType)
    complete = leaf_columns.leaf_completer(kind)
    assert complete is not None
    assert complete([SpanStatus.ERROR, SpanStatus.SUCCESS, SpanStatus.ERROR]) == ["ERROR", "SUCCESS", "ERROR"]
    assert complete([]) == []
    with pytest.raises(Odd):
        complete([SpanStatus.ERROR, "ERROR"])


@pytest.mark.no_cover  # thousands of random queries; what they reach differs, and tracing takes most of the time
@pytest.mark.parametrize("start", range(0, CHECKS, AT_ONCE))
def test_both_ways_give_the_same(both: Both, start: int) -> None:
    assert both.differ(range(start, start + AT_ONCE)) is None


def test_the_random_queries_reach_the_columns_and_the_ordinary_way(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    completed = {"plan": 0, "odd": 0}
    complete = column_plans.Plan.complete

    def counted(plan: column_plans.Plan, records: Any) -> Any:
        try:
            found = complete(plan, records)
        except Exception:
            completed["odd"] += 1
            raise
        completed["plan"] += 1
        return found

    monkeypatch.setattr(column_plans.Plan, "complete", counted)
    assert both.differ(range(SOME)) is None
    assert completed["plan"] > SOME
    assert completed["odd"] > SOME // 20


def _unchecked(*arguments: Any) -> Any:
    return arguments[0]


def _ints_to(lowest: int, highest: int) -> Callable[[Any], Any]:
    def ints(values: Any) -> Any:
        if values and not lowest <= min(leaf_columns._only(values, int)) <= max(values) <= highest:
            raise Odd
        return values

    return ints


def _to_ten_nanoseconds(values: Any) -> Any:
    return leaf_columns._moments([value // 10 * 10 for value in values])


def _any_enum(kind: Any) -> Any:
    return _LEAF_COMPLETER(kind) if is_scalar_type(kind) else lambda values: [str(value) for value in values]


def _nulls_allowed(complete: Any, **_: bool) -> Any:
    return _WHERE_GIVEN(complete, required=False)


def _nulls_last(complete: Any, *, required: bool) -> Any:
    def completed(values: Any) -> Any:
        if required and None in values:
            raise Odd
        given = list(complete([value for value in values if value is not None]))
        return given + [None] * (len(values) - len(given))

    return completed


def _lists_of_one_length(complete: Any) -> Any:
    def completed(values: Any) -> Any:
        flat = list(complete([item for value in values for item in value]))
        size = len(values[0]) if values else 0
        return [flat[i * size : (i + 1) * size] for i in range(len(values))]

    return completed


def _id_for_all(field: Any) -> Any:
    read = _READER(field)
    return read if read is None or isinstance(read, attrgetter) else attrgetter("trace_id")


def _arguments_ignored(field: Any) -> Any:
    return _READER(field) if not field.args else lambda _: Connected(Page([]), (), bytes, _none)


async def _none() -> int:
    return 0


def _values_first(keys: Any, values: Any, others: Any) -> Any:
    return _IN_ORDER([*values, *(key for key in keys if key not in values)], values, others)


def _one_plan_a_type(executor: Any, kind: Any, details: Any) -> Any:
    plan = executor._plans.get((kind.name, 0)) or _PLAN(executor, kind, details)
    executor._plans[kind.name, 0] = plan
    return plan


def _first_field_for_all(executor: Any, kind: Any, fields: Any) -> Any:
    plain = _PLAIN_AMONG(executor, kind, fields)
    return {key: replace(next(iter(plain.values())), key=key) for key in plain}


def _empty_on_errors(plan: Any, records: Any) -> Any:
    try:
        return _COMPLETE(plan, records)
    except Exception:  # noqa: BLE001 - the breakage under test
        return []


_WHERE_GIVEN, _READER, _IN_ORDER = column_plans._where_given, column_plans._reader, column_executor._in_order
_PLAN, _PLAIN_AMONG, _COMPLETE = ColumnarExecutor._plan, ColumnarExecutor._plain_among, column_plans.Plan.complete
_COMPLETERS, _LEAF_COMPLETER = leaf_columns._COMPLETERS, leaf_columns.leaf_completer

BREAKAGES: dict[str, tuple[object, str, object]] = {
    "types of values are not looked at": (leaf_columns, "_only", _unchecked),
    "Int has no lower bound": (leaf_columns, "Int", _ints_to(-(10**9) * 10, 2**31 - 1)),
    "Int has no upper bound": (leaf_columns, "Int", _ints_to(-(2**31), 10**10)),
    "NaN is a Float": (leaf_columns, "Float", lambda values: leaf_columns._only(values, float)),
    "moments lose their nanoseconds": (
        leaf_columns,
        "DateTime",
        _to_ten_nanoseconds,
    ),
    "JSON goes out as text": (leaf_columns, "JSON", lambda values: leaf_columns._only(values, str)),
    "any value is an enum value": (column_plans, "leaf_completer", _any_enum),
    "nulls are taken where none may be": (column_plans, "_where_given", _nulls_allowed),
    "nulls slip to the end": (column_plans, "_where_given", _nulls_last),
    "lists are cut at one length": (column_plans, "_lists", _lists_of_one_length),
    "resolvers are not looked at": (column_plans, "_reader", _id_for_all),
    "arguments are not looked at": (column_plans, "_reader", _arguments_ignored),
    "records of other types are taken": (column_plans.Plan, "_check", lambda *_: None),
    "failures are empty lists": (column_plans.Plan, "complete", _empty_on_errors),
    "keys come in another order": (column_executor, "_in_order", _values_first),
    "one plan serves all places": (ColumnarExecutor, "_plan", _one_plan_a_type),
    "one field is read for all": (ColumnarExecutor, "_plain_among", _first_field_for_all),
}


SHOWN_BY: dict[str, tuple[Kind, object]] = {
    "NaN is a Float": (Kind.NUMBER, nan),
    "Int has no upper bound": (Kind.INT, 2**31),
    "Int has no lower bound": (Kind.INT, -(2**31) - 1),
}
"""The one wrong value that shows a rare one, and where; it would take minutes to come by among all of them."""


def _break(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, value: Any) -> None:
    # Nothing that was made before is used again.
    monkeypatch.setattr(column_plans, "_leaves", lambda field: column_plans._completer(field.type, lambda _: None))
    if owner is leaf_columns and name in _COMPLETERS:
        monkeypatch.setattr(leaf_columns, "_COMPLETERS", {**_COMPLETERS, name: value})
    else:
        assert isinstance(owner, ModuleType | type)
        assert hasattr(owner, name)
        monkeypatch.setattr(owner, name, value)


@pytest.mark.no_cover  # what is broken on purpose says nothing of what is covered
@pytest.mark.parametrize("breakage", BREAKAGES)
def test_what_is_broken_on_purpose_is_noticed(both: Both, breakage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _break(monkeypatch, *BREAKAGES[breakage])
    if breakage in SHOWN_BY:
        kind, value = SHOWN_BY[breakage]
        monkeypatch.setattr(both.storage, "names", names([kind]))
        monkeypatch.setattr(both.storage, "wrong", [lambda: value])
    assert both.differ(range(5_000)) is not None


if __name__ == "__main__":
    asked, given, found = Both().answers(int(sys.argv[1]))
    print(asked, given, *(each.decode() for each in found), sep="\n\n")  # noqa: T201 - what it is for
