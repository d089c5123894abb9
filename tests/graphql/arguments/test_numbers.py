"""Statistics of a number that only one's own application knows."""

from typing import Any

import pytest

from spanwell.observability.model.columns import Json
from tests.graphql.asking import Asker
from tests.making import ended


@pytest.fixture
def asker() -> Asker:
    return Asker(
        *(
            ended(
                "t", str(n), name="job" if n % 2 else "run", attributes=Json(f'{{"depth":{10 * n},"tags":["a","{n}"]}}')
            )
            for n in range(5)
        ),
        ended(
            "t", "lists", attributes=Json('{"sizes":[1,"7",2.5,[9],3],"parts":[{"size":[1,2.5]},{"size":3},{"x":9}]}')
        ),
        ended("t", "none", attributes=Json('{"depth":"deep","usage":{"inputTokens":8,"cachedInputTokens":3}}')),
    )


def rows(asker: Asker, selected: str, arguments: str = "", field: str = "spanStats") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = asker.ask(f"{{ {field}{arguments} {{ {selected} }} }}")[field]
    return found


def test_the_numbers_of_an_attribute_are_measured(asker: Asker) -> None:
    selected = (
        'numbers(field: "depth", level: SPAN) { count sum avg min max p50 quantile(q: 0.25) '
        "histogram(bounds: [10, 30]) { from to count } }"
    )
    (row,) = rows(asker, selected)
    bins = [{"from": None, "to": 10.0, "count": 2}, {"from": 10.0, "to": 30.0, "count": 2}]
    assert row["numbers"] == {
        "count": 5,
        "sum": 100.0,
        "avg": 20.0,
        "min": 0.0,
        "max": 40.0,
        "p50": 20.0,
        "quantile": 10.0,
        "histogram": [*bins, {"from": 30.0, "to": None, "count": 1}],
    }


def test_they_are_measured_by_group_and_of_columns(asker: Asker) -> None:
    arguments = (
        '(groupBy: [{field: "name"}], filter: {name: {in: ["job", "run"]}}, orderBy: [{measure: KEY, direction: ASC}])'
    )
    selected = 'keys deep: numbers(field: "depth", level: SPAN) { sum } took: numbers(field: "durationMs") { count }'
    found = rows(asker, selected, arguments)
    assert [(row["keys"], row["deep"]["sum"], row["took"]["count"]) for row in found] == [
        (["job"], 40.0, 2),
        (["run"], 60.0, 3),
    ]


def test_groups_are_ordered_and_tested_by_the_figures_of_a_field(asker: Asker) -> None:
    depth = '{field: "depth", level: SPAN, figure: %s}'
    for figure, order in (("SUM", ["run", "job"]), ("MIN", ["job", "run"]), ("COUNT_DISTINCT", ["run", "job"])):
        arguments = f'(groupBy: [{{field: "name"}}], first: 2, orderBy: [{{of: {depth % figure}}}])'
        assert [row["keys"] for row in rows(asker, "keys", arguments)][:2] == [[name] for name in order], figure
    tested = f'(groupBy: [{{field: "name"}}], having: [{{of: {depth % "AVG"}, is: {{gte: 20}}}}])'
    assert {row["keys"][0] for row in rows(asker, "keys", tested)} == {"run", "job"}
    coerced = '{field: "tags", level: SPAN, coerce: true, figure: MAX}'
    tested = f'(groupBy: [{{field: "name"}}], having: [{{of: {coerced}, is: {{gt: 3}}}}])'
    assert [row["keys"] for row in rows(asker, "keys", tested)] == [["run"]]


@pytest.mark.parametrize(
    ("order", "element"),
    [
        ("{}", "orderBy[0]"),
        ('{measure: COUNT, of: {field: "depth", level: SPAN, figure: SUM}}', "orderBy[0]"),
        ('{of: {field: "name", figure: SUM}}', "orderBy[0].of.field"),
        ('{of: {field: "nothing", figure: COUNT_DISTINCT}}', "orderBy[0].of.field"),
    ],
)
def test_an_order_by_no_figure_or_by_two_is_refused(asker: Asker, order: str, element: str) -> None:
    assert asker.bad_input(f'{{ spanStats(groupBy: [{{field: "name"}}], orderBy: [{order}]) {{ count }} }}') == element


def test_each_number_of_a_list_is_measured_and_on_request_each_text_that_is_one(asker: Asker) -> None:
    measured = "count sum min max p50 histogram(bounds: [2]) { count }"
    (row,) = rows(
        asker,
        f'strict: numbers(field: "tags", level: SPAN) {{ count }}'
        f' coerced: numbers(field: "tags", level: SPAN, coerce: true) {{ {measured} }}'
        f' lists: numbers(field: "sizes", level: SPAN) {{ {measured} }}'
        f' within: numbers(field: "/parts/size", level: SPAN) {{ {measured} }}',
    )
    assert row["strict"] == {"count": 0}
    assert row["coerced"] == {
        "count": 5,
        "sum": 10.0,
        "min": 0.0,
        "max": 4.0,
        "p50": 2.0,
        "histogram": [{"count": 3}, {"count": 2}],
    }
    expected = {"count": 3, "sum": 6.5, "min": 1.0, "max": 3.0, "p50": 2.5, "histogram": [{"count": 1}, {"count": 2}]}
    assert row["lists"] == row["within"] == expected


def test_different_values_are_counted(asker: Asker) -> None:
    (row,) = rows(
        asker, 'names: countDistinct(field: "name") tags: countDistinct(field: "tags", level: SPAN) cachedInputTokens'
    )
    assert row == {"names": 4, "tags": 6, "cachedInputTokens": 3.0}
    (row,) = rows(asker, 'countDistinct(field: "name") cachedInputTokens', field="traceStats")
    assert row == {"countDistinct": 1, "cachedInputTokens": None}
    arguments = '(filter: {name: {eq: "nothing"}})'
    (row,) = rows(
        asker,
        'countDistinct(field: "name") numbers(field: "x", level: SPAN) { count sum histogram(bounds: [1]) { count } }',
        arguments,
    )
    assert row == {"countDistinct": 0, "numbers": {"count": 0, "sum": None, "histogram": [{"count": 0}, {"count": 0}]}}


@pytest.mark.parametrize(
    ("selected", "element"),
    [
        ('numbers(field: "name") { sum }', "spanStats.numbers.field"),
        ('numbers(field: "nothing") { sum }', "spanStats.numbers.field"),
        ('countDistinct(field: "nothing")', "spanStats.countDistinct.field"),
        ('numbers(field: "durationMs") { histogram(bounds: [2, 1]) { count } }', "spanStats.histogram.bounds"),
        ('numbers(field: "durationMs") { quantile(q: 2) }', "spanStats.quantile.q"),
    ],
)
def test_what_holds_no_numbers_is_refused(asker: Asker, selected: str, element: str) -> None:
    assert asker.bad_input(f"{{ spanStats {{ {selected} }} }}") in {element, element.removeprefix("spanStats.")}


def test_lists_are_sorted_by_an_attribute(asker: Asker) -> None:
    query = """query ($after: String, $key: String) {
      spans(orderBy: [{field: ATTRIBUTE, key: $key, nulls: LAST}], first: 4, after: $after) {
        pageInfo { endCursor } nodes { spanId }
      }
    }"""
    first = asker.ask(query, {"key": "depth"})["spans"]
    after = asker.ask(query, {"key": "depth", "after": first["pageInfo"]["endCursor"]})["spans"]
    assert [node["spanId"] for node in (*first["nodes"], *after["nodes"])] == ["4", "3", "2", "1", "0", "none", "lists"]
    assert asker.bad_input(query, {}) == "orderBy[0].key"
    for key, element in (('level: EVENT, key: "a"', "orderBy[0].level"), ('key: "/~"', "orderBy[0].key")):
        assert asker.bad_input(f"{{ spans(orderBy: [{{field: ATTRIBUTE, {key}}}]) {{ totalCount }} }}") == element
    assert asker.bad_input('{ spans(orderBy: [{field: NAME, key: "a"}]) { totalCount } }') == "orderBy[0].key"


def test_traces_are_sorted_by_their_last_change_and_by_what_their_roots_say() -> None:
    asker = Asker(*(ended(f"t{n}", "a", attributes=Json(f'{{"depth":{n}}}')) for n in range(3)))
    for order in ("field: CHANGED_AT", 'field: ATTRIBUTE, key: "depth"'):
        found = asker.ask(f"{{ traces(orderBy: [{{{order}}}]) {{ nodes {{ traceId }} }} }}")["traces"]["nodes"]
        assert len(found) == 3
    assert [node["traceId"] for node in found] == ["t2", "t1", "t0"]
