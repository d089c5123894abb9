"""Attributes that repeat what `input` and `output` say are stored once, and read as they came."""

import json
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwell.observability.derivation.merge import SpanUpdate
from spanwell.observability.model.columns import Json, Kind
from spanwell.observability.model.span import Span
from spanwell.observability.questions.conditions import Attribute, Compare, HasSpan, Level, Op, Search
from spanwell.observability.questions.discovery import FieldsQuery, ValuesQuery
from spanwell.observability.questions.fields import FieldRef
from spanwell.observability.questions.queries import SpanQuery, TraceQuery, Window
from spanwell.observability.questions.tree_facts import BelowQuery
from spanwell.storage.duckdb.tables.shared_text import is_as_stored, shortened, whole, whole_sql
from tests import strategies
from tests.making import ended, span
from tests.storage.pair import Pair
from tests.storage.test_files import opened
from tests.strategies import json_text

DOCUMENT = json_text({"question": 'How many "Ключ"?', "context": "a" * 70})
TEXT = json_text("An answer, which is no JSON: " + "b" * 70)


KEYS = st.sampled_from([*strategies.CONTENT_KEYS, 'a"input.value', "a", "a/b"])


@st.composite
def repeating(draw: st.DrawFn) -> tuple[str, str | None, str | None]:
    """Return attributes, whose values are often those of an input and an output, and these."""
    texts = [draw(strategies.LONG | st.none()), draw(strategies.LONG | st.none())]
    given, returned = (None if text is None else strategies.contents(text) for text in texts)
    same = [msgspec.json.decode(each) for each in (given, returned) if each is not None]
    values = st.sampled_from([*texts, *same, 1])
    inner = st.dictionaries(KEYS, values, min_size=1, max_size=2)
    attributes = draw(st.dictionaries(KEYS, values | inner, min_size=2, max_size=5))
    return json_text(attributes), given, returned


def stored(attributes: dict[str, Any], given: str | None = DOCUMENT, returned: str | None = TEXT) -> str:
    """Return attributes as they are stored; what is read again is what came."""
    came = json_text(attributes)
    found = shortened(came, given, returned)
    assert found is not None
    assert whole(found, given, returned) == came
    return found


def test_a_text_that_holds_the_input_and_a_value_that_is_the_output_are_stored_once() -> None:
    found = stored({"model": "m", "input.value": DOCUMENT, "output.value": json.loads(TEXT), "n": 1})
    assert found == ' {"model":"m","input.value":\n2,"output.value":\n3,"n":1}'
    assert json.loads(found) == {"model": "m", "input.value": 2, "output.value": 3, "n": 1}


def test_an_object_with_an_object_before_its_contents_is_looked_into() -> None:
    found = stored({"call": {"input.value": "other"}, "gen_ai.prompt": json.loads(DOCUMENT), "note": "{"})
    assert found == ' {"call":{"input.value":"other"},"gen_ai.prompt":\n1,"note":"{"}'


@pytest.mark.parametrize(
    "attributes",
    [
        {"note": DOCUMENT},
        {"call": {"input.value": DOCUMENT}},
        {"call": {"input.value": DOCUMENT}, "input.value": DOCUMENT},
        {"input.value": DOCUMENT + " "},
        {"input.value": [DOCUMENT]},
        {'said "input.value': DOCUMENT},
        {"note": f'"input.value":{DOCUMENT}'},
        {"input.value": json.loads(DOCUMENT)["context"]},
    ],
)
def test_what_is_not_the_value_of_such_a_key_at_the_top_stays(attributes: dict[str, Any]) -> None:
    assert stored(attributes) == json_text(attributes)


@pytest.mark.parametrize("text", ['[{"input.value":%s}]', '{"x":%s}'])
def test_what_nests_too_deeply_or_is_no_object_stays(text: str) -> None:
    deep = "[" * 5_000 + "{}" + "]" * 5_000
    repeated = json_text(DOCUMENT)
    attributes = text % (repeated if text[0] == "[" else f'{deep},"input.value":{repeated}')
    assert shortened(attributes, DOCUMENT, None) == attributes


def test_short_values_are_not_worth_it() -> None:
    assert stored({"input.value": "short"}, '"short"', None) == '{"input.value":"short"}'


def test_attributes_that_were_written_by_others_stay_but_for_space_before_them() -> None:
    assert shortened(' {"input.value":\n1}', DOCUMENT, TEXT) == '{"input.value":\n1}'
    one = f'{{"n":\n1,"input.value":{json_text(DOCUMENT)}}}'
    assert shortened(one, DOCUMENT, TEXT) == one
    assert whole('{"input.value":\n1}', DOCUMENT, TEXT) == '{"input.value":\n1}'
    assert shortened(None, DOCUMENT, TEXT) is None
    assert whole(None, DOCUMENT, TEXT) is None


@given(said=repeating())
def test_sql_reads_what_was_stored(said: tuple[str, str | None, str | None]) -> None:
    came, *repeated = said
    columns = {"attributes": shortened(came, *repeated), "i": repeated[0], "o": repeated[1]}
    assert whole(columns["attributes"], *repeated) == came
    row = "SELECT $attributes::JSON AS attributes, $i::JSON AS i, $o::JSON AS o"
    selected = f"SELECT {whole_sql('attributes', 'i', 'o')} FROM ({row})"
    with duckdb.connect() as connection:
        assert connection.execute(selected, columns).fetchall() == [(came,)]


@given(said=repeating())
def test_all_but_contents_can_be_read_as_it_is_stored(said: tuple[str, str | None, str | None]) -> None:
    before, after = msgspec.json.decode(said[0]), msgspec.json.decode(shortened(*said) or "")
    for key in before:
        pointer = "/" + key.replace("~", "~0").replace("/", "~1")
        assert after[key] == before[key] or not is_as_stored(pointer)


def test_a_file_holds_contents_once_and_the_view_of_the_seed_schema_reads_all(tmp_path: Path) -> None:
    path = tmp_path / "spans.duckdb"
    given = ended("t", "a", input=DOCUMENT, output=TEXT, attributes=json_text({"input.value": DOCUMENT, "n": 1}))
    with opened(path) as (runner, storage):
        runner.run(storage.batch_create_spans([given]))
    with duckdb.connect(str(path), read_only=True) as file:
        for table, name in (("spans", "attributes"), ("traces", "head_attributes")):
            assert file.execute(f"SELECT {name} FROM {table}").fetchall() == [(' {"input.value":\n2,"n":1}',)]
        assert file.execute("SELECT attributes FROM mastra_ai_spans").fetchall() == [(given.attributes,)]


REPEATING = json_text({"input.value": DOCUMENT, "output.value": json.loads(TEXT), "n": 1})


@pytest.mark.parametrize(
    "changes",
    [
        {"output": json_text("c" * 80)},
        {"input": None},
        {"input": None, "output": DOCUMENT, "name": "other"},
        {"attributes": json_text({"output.value": json.loads(TEXT)})},
        {"attributes": None},
        {"output": DOCUMENT, "attributes": json_text({"output.value": DOCUMENT})},
        {"name": "other"},
    ],
)
def test_attributes_stay_what_they_are_whatever_changes_beside_them(pair: Pair, changes: dict[str, Any]) -> None:
    spans = [
        ended("t", "root", input=DOCUMENT, output=TEXT, attributes=REPEATING),
        ended("t", "child", "root", input=DOCUMENT, output=TEXT, attributes=REPEATING),
        ended("u", "root", attributes=json_text({"n": 2})),
    ]
    updates = [SpanUpdate(one.trace_id, one.span_id, changes) for one in spans]
    for history in [("create", spans), ("update", updates)], [("create", spans[:1]), ("update", updates[1:])]:
        pair.replay(history)
        pair.both("list_spans", SpanQuery(Window(9)))
        pair.both("list_traces", TraceQuery(Window(9)))


def test_attributes_are_whole_and_what_was_not_asked_for_is_absent_however_they_are_read(pair: Pair) -> None:
    spans = [ended("t", each, "root" if each != "root" else None, attributes=REPEATING) for each in ("root", "child")]
    spans.append(ended("u", "root", attributes=REPEATING))
    pair.replay([("create", [replace(one, input=DOCUMENT, output=TEXT) for one in spans])])
    columns = frozenset({"attributes", "output"})
    query, keys = SpanQuery(Window(9), columns=columns), [span.key for span in spans]

    def ask(method: str, *arguments: Any) -> Any:
        return pair.ask(pair.real, method, *arguments)

    (below,) = ask("list_below", [("t", "root")], BelowQuery(9, columns=columns))
    found: list[list[Span]] = [
        ask("list_spans", query).nodes,
        ask("get_spans", keys, columns),
        ask("get_spans", keys[:1], columns),
        below.nodes,
        [one for page in ask("list_trace_spans", ["t", "u"], query) for one in page.nodes],
        ask("get_trace_with_spans", "t", query)[1].nodes,
        [trace.head for trace in ask("list_traces", TraceQuery(Window(9), head_columns=columns)).nodes],
    ]
    assert [len(each) for each in found] == [3, 3, 1, 1, 3, 2, 2]
    for one in chain.from_iterable(found):
        assert (one.attributes, one.input, one.output) == (REPEATING, None, TEXT)


def test_a_span_that_is_sent_again_is_the_same(pair: Pair) -> None:
    spans = [ended("t", "root", input=DOCUMENT, output=TEXT, attributes=REPEATING)]
    pair.replay([("create", spans)])
    assert pair.both("batch_create_spans", spans).updated_count == 0


@pytest.mark.parametrize("key", ["input.value", "output.value", "n", "gen_ai.prompt"])
def test_contents_are_asked_about_as_they_came(pair: Pair, key: str) -> None:
    repeating = ended("t", "root", input=DOCUMENT, output=TEXT, attributes=REPEATING)
    pair.replay([("create", [repeating, span("t", "child", "root", attributes=json_text({key: "x"}))])])
    attribute = Attribute(Level.SPAN, f"/{key}", Kind.TEXT)
    for condition in (
        Compare(attribute, Op.EQ, DOCUMENT),
        Compare(attribute, Op.CONTAINS, "no JSON"),
        Compare(attribute, Op.IS_NULL, value=True),
        Compare(Attribute(Level.SPAN, f"/{key}", Kind.NUMBER), Op.EQ, 2.0),
        Compare(Attribute(Level.SPAN, "", Kind.JSON), Op.EQ, REPEATING),
        Search('"question":"how many \\"ключ'),
        Search("\n2"),
    ):
        pair.both("count_spans", condition)
        pair.both("count_traces", condition)
        pair.both("count_traces", HasSpan(condition))
    pair.both("look_for_fields", FieldsQuery())
    pair.both("list_field_values", ValuesQuery(FieldRef(attribute, Kind.TEXT), 9))


def test_a_file_of_an_older_version_loses_the_spaces_before_attributes(tmp_path: Path) -> None:
    path = tmp_path / "spans.duckdb"
    with opened(path) as (runner, storage):
        runner.run(storage.batch_create_spans([ended("t", "a", attributes=Json('{"input.value":\n1}'))]))
        changed = runner.run(storage.get_trace("t"))
    with duckdb.connect(str(path)) as file:
        file.execute("UPDATE spans SET attributes = ' ' || attributes")
        file.execute("UPDATE traces SET head_attributes = E'\\n' || head_attributes")
        file.execute("UPDATE spanwell_schema SET version = 3")
    with opened(path) as (runner, storage):
        assert runner.run(storage.get_trace("t")) == changed
        found = runner.run(storage.get_span("t", "a"))
        assert found is not None
        assert found.attributes == '{"input.value":\n1}'
