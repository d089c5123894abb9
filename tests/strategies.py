"""Random spans, histories and questions: few ids and values, so that they meet, and the hostile ones among them."""

from typing import Any

from hypothesis import strategies as st

from server.observability.columns import ColumnDef, Json, Kind, Nanos
from server.observability.conditions import AllOf, AnyOf, Compare, Condition, Not, Op
from server.observability.merge import SpanUpdate
from server.observability.ordering import Order, OrderKey, total_order
from server.observability.queries import Window
from server.observability.span import GIVEN_COLUMNS, SPAN_COLUMN, SPAN_COLUMNS, Span
from server.observability.trace import TRACE_COLUMNS
from tests.making import START, at

TRACE_IDS = st.sampled_from(["t1", "t2", "t3"])
SPAN_IDS = st.sampled_from(["a", "b", "c", "d", "e", "f"])

TEXTS = st.sampled_from(["", "a", "A", "ab", "b%", "_", "%", "\\", "'", "a\0b", "ключ", "КЛЮЧ", "😀", "İ", "ß", "a.b"])
TIMES = st.sampled_from([START, at(1), at(1.5), at(2), Nanos(START + 1), at(-1), Nanos(0)])
USAGES = ['{"usage":{"inputTokens":3,"outputTokens":4}}', '{"gen_ai.usage.cost":0.25}', '{"model":"m"}']
JSONS = st.sampled_from(["null", "{}", "[]", '"a"', "1", '{"a":1}', *USAGES]).map(Json)


def values(column: ColumnDef) -> st.SearchStrategy[Any]:
    """Return values of a column."""
    by_kind: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.TEXT: TEXTS,
        Kind.TIME: TIMES,
        Kind.INT: st.integers(-1, 12),
        Kind.NUMBER: st.sampled_from([0.0, -0.0, 0.25, 0.5, 1000.0, 500.0, -1000.0, 1e300]),
        Kind.FLAG: st.booleans(),
        Kind.TEXTS: st.lists(TEXTS, max_size=3),
        Kind.JSON: JSONS,
    }
    return st.sampled_from(list(column.value_type)) if column.kind is Kind.ENUM else by_kind[column.kind]


def _given(*, required: bool) -> st.SearchStrategy[dict[str, Any]]:
    optional = {c.name: values(c) for c in GIVEN_COLUMNS if not (required and c.required)}
    optional["parent_span_id"] = SPAN_IDS | st.none()
    needed = {c.name: values(c) for c in GIVEN_COLUMNS if required and c.required}
    return st.fixed_dictionaries(needed, optional=optional)


SPANS = st.builds(lambda t, s, given: Span(trace_id=t, span_id=s, **given), TRACE_IDS, SPAN_IDS, _given(required=True))


def _cleared(changes: dict[str, Any], clear: set[str]) -> dict[str, Any]:
    return changes | {name: None for name in clear if not SPAN_COLUMN[name].required}


UPDATES = st.builds(
    lambda t, s, changes, clear: SpanUpdate(t, s, _cleared(changes, clear)),
    TRACE_IDS,
    SPAN_IDS,
    _given(required=False),
    st.sets(st.sampled_from([c.name for c in GIVEN_COLUMNS]), max_size=3),
)

HISTORIES = st.lists(
    st.tuples(st.just("create"), st.lists(SPANS, max_size=6))
    | st.tuples(st.just("update"), st.lists(UPDATES, max_size=4))
    | st.tuples(st.just("delete"), st.lists(TRACE_IDS, max_size=2)),
    min_size=1,
    max_size=6,
)

_TEXT_OPS = (Op.CONTAINS, Op.STARTS_WITH, Op.ENDS_WITH, Op.I_CONTAINS)
_PATTERNS = st.sampled_from(["a", "^a", "b$", "(?i)a", ".", "^$", "a.b", "[кa]", "%", "\\\\", "(a|b)+", "\\.", "ü*"])


def comparisons(column: ColumnDef) -> st.SearchStrategy[Condition]:
    """Return every way to ask about a column."""
    name, one = column.name, values(column)
    ways: list[st.SearchStrategy[Condition]] = []

    def way(ops: tuple[Op, ...], asked: st.SearchStrategy[Any]) -> None:
        ways.append(st.builds(Compare, st.just(name), st.sampled_from(ops), asked))

    if column.nullable:
        way((Op.IS_NULL,), st.booleans())
    if column.kind is Kind.JSON:
        return st.one_of(ways)
    if column.kind is Kind.TEXTS:
        way((Op.ALL, Op.ANY, Op.NONE), st.lists(TEXTS, max_size=3).map(tuple))
        way((Op.IS_EMPTY,), st.booleans())
        return st.one_of(ways)
    way((Op.EQ, Op.NE), one)
    way((Op.IN, Op.NOT_IN), st.lists(one, max_size=3).map(tuple))
    if column.kind in {Kind.TIME, Kind.INT, Kind.NUMBER}:
        way((Op.GT, Op.GTE, Op.LT, Op.LTE), one)
    if column.kind is Kind.TEXT:
        way(_TEXT_OPS, TEXTS)
        way((Op.REGEX,), _PATTERNS)
    return st.one_of(ways)


def _nested(leaves: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    return st.recursive(
        leaves,
        lambda part: (
            st.builds(Not, part)
            | st.builds(AllOf, st.lists(part, max_size=3).map(tuple))
            | st.builds(AnyOf, st.lists(part, max_size=3).map(tuple))
        ),
        max_leaves=5,
    )


_TRACE_NAMES = {column.name for column in TRACE_COLUMNS}
ALL_TRACE_COLUMN_DEFS = (*TRACE_COLUMNS, *(c for c in SPAN_COLUMNS if c.name not in _TRACE_NAMES))

_ASKABLE = [c for c in SPAN_COLUMNS if c.kind is not Kind.JSON or c.nullable]
SPAN_CONDITIONS = _nested(st.sampled_from(_ASKABLE).flatmap(comparisons))
TRACE_CONDITIONS = _nested(st.sampled_from(ALL_TRACE_COLUMN_DEFS).flatmap(comparisons))


def orders(columns: tuple[ColumnDef, ...], identity: Order) -> st.SearchStrategy[Order]:
    """Return total orders by up to two columns."""
    sortable = [c.name for c in columns if c.kind not in {Kind.JSON, Kind.TEXTS}]
    keys = st.builds(OrderKey, st.sampled_from(sortable), st.booleans(), st.booleans())
    return st.lists(keys, max_size=2).map(lambda chosen: total_order(chosen, identity))


WINDOWS = st.builds(Window, st.integers(0, 4), offset=st.integers(0, 3), backward=st.just(value=False)) | st.builds(
    Window, st.integers(0, 4), backward=st.booleans()
)
