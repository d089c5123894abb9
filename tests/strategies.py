"""Random spans, histories and questions: few ids and values, so that they meet, and the hostile ones among them."""

import json
from functools import cache
from typing import Any

import msgspec
from hypothesis import strategies as st

from spanwell.observability.derivation.merge import SpanUpdate
from spanwell.observability.model.columns import ColumnDef, Json, Kind, Nanos
from spanwell.observability.model.span import GIVEN_COLUMNS, SPAN_COLUMN, SPAN_COLUMNS, Span
from spanwell.observability.model.trace import TRACE_COLUMNS
from spanwell.observability.questions.conditions import (
    MANY,
    About,
    AllOf,
    AnyOf,
    Attribute,
    Compare,
    Condition,
    CountSpans,
    HasSpan,
    Level,
    Not,
    Op,
    Related,
    Relation,
    Rewritten,
    Search,
)
from spanwell.observability.questions.ordering import Order, OrderKey, total_order
from spanwell.observability.questions.pointers import attribute_pointer
from spanwell.observability.questions.queries import Window

from .making import START, at

TRACE_IDS = st.sampled_from(["t1", "t2", "t3"])
SPAN_IDS = st.sampled_from(["a", "b", "c", "d", "e", "f"])

TEXTS = st.sampled_from(
    ["", "a", "A", "ab", "b%", "_", "%", "\\", "'", "a\0b", "ключ", "КЛЮЧ", "😀", "İ", "ß", "a.b", "1", "1.50", "true"]
)
LONG = st.sampled_from(
    [
        json.dumps({"say": 'A "Ключ" \\ a.b % \x01 / 😀', "rest": "b" * 64}, ensure_ascii=False),
        json.dumps([{"role": "user", "content": "a" * 64}, {"": [1.5, None]}], indent=1),
        json.dumps([*range(40)], separators=(",", ":")),
        'No JSON, but "quoted", \\ escaped, on\nlines, with a ключ: ' + "'\",:{" * 8,
    ]
)
"""Texts that are worth storing once; some are JSON."""
TIMES = st.sampled_from([START, at(1), at(1.5), at(2), Nanos(START + 1), at(-1), Nanos(0)])
USAGES = ['{"usage":{"inputTokens":3,"outputTokens":4}}', '{"gen_ai.usage.cost":0.25}', '{"model":"m"}']
HOSTILE_KEYS = (
    *("a", "a.b", "gen_ai.request.model", 'a"b', "a'b", "a*b", "*", "**", "$", "$.a", "a[0]", "[0]", "0", "#", "#-1"),
    *("a/b", "a~b", "~1", "", "%", "_", "a\\b", "ключ", "a b", "a\0b", "\n", "😀", "?", "'; drop table t; --", "A"),
)
"""Thirty keys that careless JSON paths get wrong."""

CONTENT_KEYS = ("input.value", "output.value", "gen_ai.prompt", "mastra.a.output")
_POINTERS = ("/a", "/0", "/a/0", "/x/a.b", "/x/input.value", "/", "/x/a", "/a/a/x", "/name", "/0/a")
KEYS = st.sampled_from([key for key in (*HOSTILE_KEYS, *CONTENT_KEYS) if not key.startswith("/")] + [*_POINTERS])
_LEAVES = TEXTS | st.sampled_from([0, 1, 1.5, 2, True, False, None, 10**30, 1e21, -0.0])
_VALUES = (
    _LEAVES
    | st.lists(_LEAVES, max_size=2)
    | st.dictionaries(st.sampled_from(["a", "a.b", "x"]), _LEAVES | st.lists(_LEAVES, max_size=2), max_size=2)
    | st.lists(st.dictionaries(st.sampled_from(["a", "a.b", "x"]), _LEAVES, max_size=2), max_size=2)
)
_OBJECTS = st.dictionaries(st.sampled_from([*HOSTILE_KEYS, "x"]), _VALUES, max_size=4)


def json_text(value: object) -> Json:
    """Return a value as JSON text."""
    return Json(msgspec.json.encode(value).decode())


PLAIN = _VALUES | _OBJECTS
"""JSON values, hostile keys among them."""

DOCUMENTS = PLAIN.map(json_text)
OBJECTS = _OBJECTS.map(json_text) | st.sampled_from(USAGES).map(Json)


def contents(text: str) -> Json:
    """Return what a span says of a text in an attribute: JSON in it is itself."""
    return Json(text) if text[0] in "{[" else json_text(text)


_SAID = LONG | LONG.map(contents).map(msgspec.json.decode)
_REPEATING = st.dictionaries(
    st.sampled_from([*CONTENT_KEYS, 'a"input.value', "a", "x"]),
    _SAID | _VALUES | st.dictionaries(st.sampled_from(["input.value", "a"]), _SAID, max_size=2),
    max_size=4,
)
_REPEATED: dict[str, st.SearchStrategy[Any]] = {
    "input": LONG.map(contents),
    "output": LONG.map(contents),
    "attributes": _REPEATING.map(json_text)
    | _REPEATING.map(lambda value: Json(json.dumps(value, ensure_ascii=False, indent=1))),
}
"""Contents of a span, and attributes that may say the same."""

LISTS = st.lists(st.builds(lambda a, o: {"attributes": a, **o}, _OBJECTS, _OBJECTS), max_size=2).map(json_text)
_OF_LEVEL = {level.value: LISTS if level in MANY else OBJECTS for level in Level}


def values(column: ColumnDef) -> st.SearchStrategy[Any]:
    """Return values of a column."""
    by_kind: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.TEXT: TEXTS,
        Kind.TIME: TIMES,
        Kind.INT: st.integers(-1, 12),
        Kind.NUMBER: st.sampled_from([0.0, -0.0, 0.25, 0.5, 1000.0, 500.0, -1000.0, 1e300]),
        Kind.FLAG: st.booleans(),
        Kind.TEXTS: st.lists(TEXTS, max_size=3),
        Kind.JSON: _OF_LEVEL.get(column.name, DOCUMENTS) | DOCUMENTS,
    }
    return st.sampled_from(list(column.value_type)) if column.kind is Kind.ENUM else by_kind[column.kind]


def _given(*, required: bool) -> st.SearchStrategy[dict[str, Any]]:
    optional = {c.name: values(c) for c in GIVEN_COLUMNS if not (required and c.required)}
    optional["parent_span_id"] = SPAN_IDS | st.none()
    optional["entity_type"] = TEXTS | st.just("agent")
    needed = {c.name: values(c) for c in GIVEN_COLUMNS if required and c.required}
    repeated: st.SearchStrategy[dict[str, Any]] = st.just({}) | st.fixed_dictionaries({}, optional=_REPEATED)
    return st.builds(lambda given, more: given | more, st.fixed_dictionaries(needed, optional=optional), repeated)


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


@cache  # what is made once is validated once: most of the time of random conditions would go there
def comparisons(column: ColumnDef) -> st.SearchStrategy[Condition]:
    """Return every way to ask about a column."""
    name, one = column.name, values(column)
    ways: list[st.SearchStrategy[Condition]] = []

    def way(ops: tuple[Op, ...], asked: st.SearchStrategy[Any]) -> None:
        ways.append(st.builds(Compare, st.just(name), st.sampled_from(ops), asked))

    if column.nullable:
        way((Op.IS_NULL,), st.booleans())
    if column.kind is Kind.JSON:
        way((Op.EQ,), one)
        return st.one_of(ways)
    if column.kind is Kind.TEXTS:
        way((Op.ALL, Op.ANY), st.lists(TEXTS, max_size=3).map(tuple))
        way((Op.IS_EMPTY,), st.booleans())
        return st.one_of(ways)
    way((Op.EQ,), one)
    way((Op.IN,), st.lists(one, max_size=3).map(tuple))
    if column.kind in {Kind.TIME, Kind.INT, Kind.NUMBER, Kind.TEXT}:
        way((Op.GT, Op.GTE, Op.LT, Op.LTE), one)
    if column.kind is Kind.TEXT:
        way(_TEXT_OPS, TEXTS)
        way((Op.REGEX,), _PATTERNS)
    return st.one_of(ways)


@cache
def attribute(pair: tuple[Level, str]) -> st.SearchStrategy[Condition]:
    """Return every way to ask about the values at a key."""
    level, key = pair
    pointer = attribute_pointer(level, key)

    def way(kind: Kind, ops: tuple[Op, ...], asked: st.SearchStrategy[Any]) -> st.SearchStrategy[Condition]:
        coerced = st.booleans() if kind is not Kind.JSON else st.just(value=False)
        attribute = st.builds(Attribute, st.just(level), st.just(pointer), st.just(kind), coerced)
        return st.builds(Compare, attribute, st.sampled_from(ops), asked)

    return st.one_of(
        way(Kind.TEXT, (Op.EQ, Op.GT, Op.GTE, Op.LT, Op.LTE, *_TEXT_OPS), TEXTS | LONG),
        way(Kind.TEXT, (Op.IN,), st.lists(TEXTS, max_size=2).map(tuple)),
        way(Kind.TEXT, (Op.REGEX,), _PATTERNS),
        way(Kind.NUMBER, (Op.EQ, Op.GT, Op.GTE, Op.LT, Op.LTE), st.sampled_from([0.0, 1.0, 1.5, 2.0, 1e21])),
        way(Kind.NUMBER, (Op.IN,), st.lists(st.sampled_from([0.0, 1.0, 1.5, 1e30]), max_size=2).map(tuple)),
        way(Kind.FLAG, (Op.EQ,), st.booleans()),
        way(Kind.JSON, (Op.EQ,), DOCUMENTS),
        st.sampled_from([Kind.TEXT, Kind.NUMBER, Kind.FLAG, Kind.JSON]).flatmap(
            lambda kind: way(kind, (Op.IS_NULL,), st.booleans())
        ),
    )


ATTRIBUTES = st.tuples(st.sampled_from(Level), KEYS).flatmap(attribute)
SEARCHES = st.builds(
    Search,
    st.sampled_from(
        ["", "a", "A", "ключ", "КЛЮЧ", '"', "\\", "İ", "nothing", "%", "a.b", 'a "ключ"', "\n", "\x01", "1", "1.5"]
    ),
)


def logic(part: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    """Return conditions that negate or join others."""
    parts = st.lists(part, max_size=3).map(tuple)
    return st.builds(Not, part) | st.builds(AllOf, parts) | st.builds(AnyOf, parts)


_TRACE_NAMES = {column.name for column in TRACE_COLUMNS}
ALL_TRACE_COLUMN_DEFS = (*TRACE_COLUMNS, *(c for c in SPAN_COLUMNS if c.name not in _TRACE_NAMES))

_FEW = [SPAN_COLUMN[name] for name in ("name", "user_id", "status", "tags", "ended_at", "input_tokens", "is_root")]
"""Columns that are asked about more often, so that every operator meets every kind of value."""


@st.composite
def _of_its_trace(draw: st.DrawFn) -> About:
    """Draw a condition on the trace of a span: a function, which is short to tell of."""
    return About("trace", draw(st.sampled_from(ALL_TRACE_COLUMN_DEFS).flatmap(comparisons)))


@st.composite
def _of_its_agent(draw: st.DrawFn) -> About:
    """Draw a condition on the agent of a span."""
    return About("agent", draw(st.sampled_from(SPAN_COLUMNS).flatmap(comparisons)))


SPAN_CONDITIONS = st.recursive(
    st.sampled_from(_FEW).flatmap(comparisons)
    | _of_its_trace()
    | _of_its_agent()
    | st.sampled_from(SPAN_COLUMNS).flatmap(comparisons)
    | ATTRIBUTES
    | SEARCHES
    | st.just(Rewritten()),
    lambda part: logic(part) | st.builds(Related, st.sampled_from(Relation), part),
    max_leaves=5,
)

_OF_TRACES = (
    st.builds(HasSpan, SPAN_CONDITIONS)
    | st.builds(CountSpans, SPAN_CONDITIONS, st.sampled_from([Op.EQ, Op.GTE, Op.LT]), st.integers(-1, 4))
    | st.builds(
        CountSpans, SPAN_CONDITIONS, st.sampled_from([Op.IN]), st.lists(st.integers(0, 3), max_size=2).map(tuple)
    )
)
TRACE_CONDITIONS = st.recursive(
    st.sampled_from(ALL_TRACE_COLUMN_DEFS).flatmap(comparisons)
    | ATTRIBUTES
    | SEARCHES
    | _OF_TRACES
    | st.just(Rewritten()),
    logic,
    max_leaves=5,
)


_ATTRIBUTE_KEYS = st.builds(
    lambda level, pointer, kind, descending, first: OrderKey(
        level.value, descending, first, Attribute(level, pointer, kind)
    ),
    st.sampled_from([Level.SPAN, Level.METADATA]),
    st.sampled_from(["/a", "/x/a", "/input.value", "/0"]),
    st.sampled_from([Kind.NUMBER, Kind.TEXT]),
    st.booleans(),
    st.booleans(),
)


def orders(columns: tuple[ColumnDef, ...], identity: Order) -> st.SearchStrategy[Order]:
    """Return total orders by up to two columns."""
    sortable = [c.name for c in columns if c.kind not in {Kind.JSON, Kind.TEXTS}]
    keys = st.builds(OrderKey, st.sampled_from(sortable), st.booleans(), st.booleans()) | _ATTRIBUTE_KEYS
    return st.lists(keys, max_size=2).map(lambda chosen: total_order(chosen, identity))


WINDOWS = st.builds(Window, st.integers(0, 4), offset=st.integers(0, 3), backward=st.just(value=False)) | st.builds(
    Window, st.integers(0, 4), backward=st.booleans()
)
