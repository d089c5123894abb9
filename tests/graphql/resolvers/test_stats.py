"""What the fields of statistics answer."""

from typing import Any

import pytest

from spanwell.observability.model.columns import Json
from spanwell.observability.questions.statistics import Basic, Histogram, Quantile, Stats, StatsQuery
from tests.graphql.asking import Asker, SparingStorage
from tests.making import at, ended, span

DAY = 'startedAt: {gte: "2026-01-01T00:00:00Z", lt: "2026-01-01T00:00:04Z"}'


def usage(tokens: int, cost: float | None = None) -> dict[str, Any]:
    stated = f',"gen_ai.usage.cost":{cost}' if cost is not None else ""
    return {"attributes": Json(f'{{"gen_ai.usage.input_tokens":{tokens},"gen_ai.usage.output_tokens":1{stated}}}')}


@pytest.fixture
def asker() -> Asker:
    """Two services in four seconds: `a` at 0, 1 and 3, of which one failed; `b` at 1; one of no service still runs."""
    return Asker(
        ended("t", "root", None, service_name="a", user_id="u", **usage(10)),
        ended("t", "call", "root", service_name="b", started_at=at(1), ended_at=at(1.5), **usage(10, 0.25)),
        ended("u", "bad", None, service_name="a", started_at=at(1), ended_at=at(3), error_info=Json('"no"')),
        ended("v", "late", None, service_name="a", started_at=at(3), ended_at=at(7), tags=["x", "y", "x"], **usage(5)),
        span("w", "runs", None, started_at=at(2)),
    )


def test_the_whole_is_one_row(asker: Asker) -> None:
    query = """{ spanStats { keys isOther bucketStart count errorCount errorRate traceCount rate
        durationMs { avg min max p50 p90 p95 p99 quantile(q: 0.25) }
        inputTokens outputTokens totalTokens costUsd costCoverage previous { count } } }"""
    assert asker.ask(query)["spanStats"] == [
        {
            "keys": [],
            "isOther": False,
            "bucketStart": None,
            "count": 5,
            "errorCount": 1,
            "errorRate": 0.2,
            "traceCount": 4,
            "rate": 5 / 3,
            "durationMs": {
                "avg": 1875.0,
                "min": 500.0,
                "max": 4000.0,
                "p50": 1500.0,
                "p90": pytest.approx(3400.0),
                "p95": pytest.approx(3700.0),
                "p99": pytest.approx(3940.0),
                "quantile": 875.0,
            },
            "inputTokens": 15.0,
            "outputTokens": 2.0,
            "totalTokens": 17.0,
            "costUsd": 0.25,
            "costCoverage": 0.5,
            "previous": None,
        }
    ]


def test_usage_of_those_that_match_counts_and_is_not_hidden_by_what_does_not(asker: Asker) -> None:
    query = '{ spanStats(filter: {serviceName: {eq: "b"}}) { totalTokens costUsd costCoverage } }'
    assert asker.ask(query)["spanStats"] == [{"totalTokens": 11.0, "costUsd": 0.25, "costCoverage": 1.0}]


def test_traces_speak_by_their_rollups(asker: Asker) -> None:
    query = """{ traceStats(groupBy: [{field: "userId"}]) {
        keys count errorCount traceCount totalTokens costUsd durationMs { max } } }"""
    assert asker.ask(query)["traceStats"] == [
        {
            "keys": [None],
            "count": 3,
            "errorCount": 1,
            "traceCount": 3,
            "totalTokens": 6.0,
            "costUsd": None,
            "durationMs": {"max": 4000.0},
        },
        {
            "keys": ["u"],
            "count": 1,
            "errorCount": 0,
            "traceCount": 1,
            "totalTokens": 11.0,
            "costUsd": 0.25,
            "durationMs": {"max": 1500.0},
        },
    ]


def rows(asker: Asker, arguments: str, selected: str = "keys count") -> list[Any]:
    found = asker.ask(f"{{ spanStats({arguments}) {{ {selected} }} }}")["spanStats"]
    return [tuple(row.values()) for row in found]


def test_groups_beyond_the_first_are_one_row(asker: Asker) -> None:
    by_service = 'groupBy: [{field: "serviceName"}]'
    assert rows(asker, by_service) == [(["a"], 3), (["b"], 1), ([None], 1)]
    assert rows(asker, by_service + ", first: 1", "keys isOther count") == [(["a"], False, 3), ([None], True, 2)]
    assert rows(asker, by_service + ", first: 0", "isOther count") == [(True, 5)]


@pytest.mark.parametrize(
    ("order", "keys"),
    [
        ("KEY, direction: ASC", ["a", "b", None]),
        ("KEY", ["b", "a", None]),
        ("ERROR_RATE", ["a", "b", None]),
        ("DURATION_P99, direction: ASC", ["b", "a", None]),
        ("COST", ["b", "a", None]),
        ("RATE, direction: ASC", ["b", None, "a"]),
    ],
)
def test_groups_can_be_ordered_by_any_measure_and_what_has_none_comes_last(
    asker: Asker, order: str, keys: list[str | None]
) -> None:
    found = rows(asker, f'groupBy: [{{field: "serviceName"}}], orderBy: [{{measure: {order}}}]', "keys")
    assert [key for ((key,),) in found] == keys


def test_what_has_several_values_is_in_the_group_of_each(asker: Asker) -> None:
    assert rows(asker, 'groupBy: [{field: "tags"}]') == [([None], 4), (["x"], 1), (["y"], 1)]


def test_attributes_group_as_their_texts(asker: Asker) -> None:
    found = rows(asker, 'groupBy: [{field: "gen_ai.usage.input_tokens", level: SPAN}, {field: "userId"}]')
    assert found == [([None, None], 2), (["10", "u"], 1), (["10", None], 1), (["5", None], 1)]


def test_gaps_in_time_are_filled(asker: Asker) -> None:
    found = rows(asker, f'filter: {{{DAY}, serviceName: {{eq: "a"}}}}, interval: "PT1S"', "bucketStart count rate")
    assert found == [
        ("2026-01-01T00:00:00Z", 1, 1.0),
        ("2026-01-01T00:00:01Z", 1, 1.0),
        ("2026-01-01T00:00:02Z", 0, 0.0),
        ("2026-01-01T00:00:03Z", 1, 1.0),
    ]
    everything = rows(asker, f'filter: {{{DAY}}}, buckets: 2, groupBy: [{{field: "serviceName"}}], first: 1')
    assert everything == [(["a"], 2), (["a"], 1), ([None], 1), ([None], 1)]


def test_without_bounds_the_buckets_cover_what_there_is(asker: Asker) -> None:
    assert rows(asker, "buckets: 3", "count") == [(3,), (1,), (1,)]
    assert rows(asker, 'filter: {name: {eq: "nothing"}}, interval: "PT1S"') == []
    assert rows(asker, 'filter: {startedAt: {gte: "2026-01-01T00:00:03Z"}}, interval: "PT1M"', "rate") == [(1 / 57,)]
    assert (
        rows(asker, 'filter: {startedAt: {gt: "2026-01-01T00:00:03Z", lte: "2026-01-01T00:00:03Z"}}, buckets: 2') == []
    )


def test_a_rate_is_over_the_part_of_a_bucket_that_the_filter_lets_through(asker: Asker) -> None:
    half = 'filter: {startedAt: {gte: "2026-01-01T00:00:00.5Z", lt: "2026-01-01T00:00:02Z"}}'
    assert rows(asker, half + ', interval: "PT1S"', "count rate") == [(0, 0.0), (2, 2.0)]
    assert rows(asker, half, "rate") == [(2 / 1.5,)]
    assert rows(asker, 'filter: {startedAt: {eq: "2026-01-01T00:00:00Z"}}', "count rate") == [(1, pytest.approx(1e9))]
    assert rows(asker, 'filter: {name: {eq: "nothing"}}', "count rate") == [(0, None)]


def test_the_period_before_stands_beside_each_row(asker: Asker) -> None:
    later = 'filter: {startedAt: {gte: "2026-01-01T00:00:02Z", lt: "2026-01-01T00:00:04Z"}}, compareTo: PREVIOUS_PERIOD'
    shown = "keys count previous { keys count durationMs { max } }"
    assert rows(asker, later + ', groupBy: [{field: "serviceName"}]', shown) == [
        (["a"], 1, {"keys": ["a"], "count": 2, "durationMs": {"max": 2000.0}}),
        ([None], 1, {"keys": [None], "count": 0, "durationMs": {"max": None}}),
    ]
    assert rows(asker, later + ', interval: "PT1S"', "bucketStart count previous { bucketStart count rate }") == [
        ("2026-01-01T00:00:02Z", 1, {"bucketStart": "2026-01-01T00:00:00Z", "count": 1, "rate": 1.0}),
        ("2026-01-01T00:00:03Z", 1, {"bucketStart": "2026-01-01T00:00:01Z", "count": 2, "rate": 2.0}),
    ]


def test_days_are_compared_with_days_across_a_change_of_clocks() -> None:
    asker = Asker()
    days = 'filter: {startedAt: {gte: "2026-03-29T22:00:00Z", lt: "2026-03-31T22:00:00Z"}}, timeZone: "Europe/Berlin"'
    found = rows(asker, days + ', interval: "P1D", compareTo: PREVIOUS_PERIOD', "bucketStart previous { bucketStart }")
    assert found == [
        ("2026-03-29T22:00:00Z", {"bucketStart": "2026-03-27T23:00:00Z"}),
        ("2026-03-30T22:00:00Z", {"bucketStart": "2026-03-28T23:00:00Z"}),
    ]


def test_a_histogram_has_the_same_bins_in_every_row(asker: Asker) -> None:
    found = rows(asker, 'groupBy: [{field: "serviceName"}]', "histogram { from to count }")
    assert [[bin_["count"] for bin_ in bins] for (bins,) in found] == [[0, 1, 1, 1], [1, 0, 0, 0], [0, 0, 0, 0]]
    assert [(bin_["from"], bin_["to"]) for bin_ in found[0][0]] == [(256, 512), (512, 1024), (1024, 2048), (2048, 4096)]
    ((given,),) = rows(asker, "first: 1", "histogram(bounds: [500, 1000.5]) { from to count }")
    assert given == [
        {"from": 0, "to": 500, "count": 1},
        {"from": 500, "to": 1000.5, "count": 1},
        {"from": 1000.5, "to": None, "count": 2},
    ]
    assert rows(Asker(), "first: 1", "histogram { count }") == [([],)]


def test_arguments_of_figures_may_be_variables_and_aliased(asker: Asker) -> None:
    query = """query ($q: Float!, $b: [Float!]) { spanStats { ...F durationMs { low: quantile(q: 0) } } }
        fragment F on StatsRow { durationMs { high: quantile(q: $q) } a: histogram(bounds: $b) { to } }"""
    (row,) = asker.ask(query, {"q": 1, "b": [1]})["spanStats"]
    assert row == {"durationMs": {"high": 4000.0, "low": 500.0}, "a": [{"to": 1}, {"to": None}]}


class Watched(SparingStorage):
    """A store that remembers what statistics it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[StatsQuery] = []
        self.stretches = 0

    async def span_stats(self, query: StatsQuery) -> Stats:
        self.asked.append(query)
        return await super().span_stats(query)

    async def span_stretch(self, where: Any) -> tuple[int, int] | None:
        self.stretches += 1
        return await super().span_stretch(where)


def test_only_what_is_selected_is_worked_out_and_by_one_question() -> None:
    asker = Asker()
    asker.storage = asker.service.storage = watched = Watched()
    asker.ask("{ spanStats { keys } }")
    asker.ask("{ spanStats { errorCount durationMs { p50 again: p50 q: quantile(q: 0.5) } histogram { to } } }")
    asker.ask(
        f"{{ spanStats(filter: {{{DAY}}}, compareTo: PREVIOUS_PERIOD) {{ rate costUsd previous {{ traceCount }} }} }}"
    )
    assert [query.figures for query in watched.asked] == [
        (Basic.COUNT,),
        (Basic.COUNT, Basic.ERROR_COUNT, Quantile(0.5), Histogram()),
        (Basic.COUNT, Basic.COST),
        (Basic.COUNT, Basic.TRACE_COUNT),
    ]
    assert watched.stretches == 0
    asker.ask("{ spanStats { rate } }")
    assert watched.stretches == 1


BY_SERVICE = 'groupBy: [{field: "serviceName"}]'


@pytest.mark.parametrize(
    ("having", "keys"),
    [
        ("{measure: COUNT, is: {gte: 2}}", [["a"]]),
        ("{measure: COUNT, is: {ne: 3}}", [["b"], [None]]),
        ("{measure: DURATION_P95, is: {isNull: true}}", [[None]]),
        ("{measure: COST, is: {gt: 0.1}}", [["b"]]),
        ("[{measure: ERROR_RATE, is: {gt: 0}}, {measure: COUNT, is: {in: [3, 5]}}]", [["a"]]),
        ("[]", [["a"], ["b"], [None]]),
    ],
)
def test_groups_are_left_out_by_their_figures_and_make_no_row_of_others(
    asker: Asker, having: str, keys: list[Any]
) -> None:
    assert rows(asker, f"{BY_SERVICE}, having: {having}", "keys isOther") == [(each, False) for each in keys]


def test_groups_that_meet_a_test_have_all_their_buckets_and_the_period_before(asker: Asker) -> None:
    asked = f"{BY_SERVICE}, having: {{measure: COUNT, is: {{gt: 1}}}}, filter: {{{DAY}}}, buckets: 2"
    found = rows(asker, f"{asked}, compareTo: PREVIOUS_PERIOD", "keys count previous { count }")
    assert found == [(["a"], count, {"count": 0}) for count in (2, 1)]


def test_scores_are_grouped_and_left_out_alike() -> None:
    asker = Asker()
    scores = ", ".join(f'{{name: "{name}", value: {value}}}' for name, value in (("x", 0.25), ("x", 0.5), ("y", 1)))
    asker.ask(f"mutation {{ batchCreateScores(scores: [{scores}]) {{ createdCount }} }}")
    asked = 'groupBy: [{field: "name"}], having: {measure: AVG, is: {lt: 0.5}}'
    assert asker.ask(f"{{ scoreStats({asked}) {{ keys }} }}")["scoreStats"] == [{"keys": ["x"]}]
