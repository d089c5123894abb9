"""`errors`, `callTree`, `traceDiff`, `Trace.outline` and `spans(keepAncestors)`, by the schema itself."""

from typing import Any

import pytest

from spanwell.observability.analysis.outline import Outline
from spanwell.observability.model.blocks import RecordBlock
from spanwell.observability.model.columns import Json
from tests.graphql.asking import Asker
from tests.making import at, ended, span

ERRORS = """query($f: SpanFilter, $n: Int! = 50, $b: Int! = 2) { errors(filter: $f, first: $n, buckets: $b) {
  message count traceCount services firstSeenAt lastSeenAt trend { bucketStart count } sample { spanId name } } }"""
TREE = """query($f: TraceFilter, $d: Int! = 20) { callTree(filter: $f, maxDepth: $d) {
  path name depth count traceCount errorCount totalMs selfMs p50 p95 } }"""
DIFF = """query($b: ID!, $o: ID!) { traceDiff(base: $b, other: $o) {
  base { traceId } other { name } durationMs { base other change } costUsd { change }
  paths { path depth change durationChangeMs base { count errorCount durationMs } other { count } } } }"""
OUTLINE = (
    'query($n: Int! = 60, $fold: Boolean! = true) { trace(traceId: "t") { outline(maxLines: $n, foldSimilar: $fold) } }'
)


def asker() -> Asker:
    return Asker(
        ended("t", "a", name="GET /cart", service_name="shop", ended_at=at(2)),
        ended("t", "b", "a", name="query", service_name="db", type="db"),
        ended("t", "c", "a", name="query", service_name="db", type="db", started_at=at(0.5)),
        ended(
            "t", "d", "a", name="chat", started_at=at(1), ended_at=at(2), type="llm", model="gpt-4o", total_tokens=1200
        ),
        ended("t", "e", "d", name="tool", started_at=at(1), ended_at=at(1.005), error_info='{"message": "no 7"}'),
        ended("u", "a", name="GET /cart", service_name="shop", ended_at=at(3)),
        ended("u", "b", "a", name="query", error_info='{"message": "no  8"}', started_at=at(2)),
        ended("u", "f", "a", name="mail"),
        span("u", "g", "a", name="wait"),
    )


def outline(asked: Asker, **variables: Any) -> list[str]:
    found: str = asked.ask(OUTLINE, variables)["trace"]["outline"]
    return found.split("\n")


def test_failures_are_grouped_with_their_trend_and_a_sample() -> None:
    (group,) = asker().ask(ERRORS)["errors"]
    assert group == {
        "message": "no <number>",
        "count": 2,
        "traceCount": 2,
        "services": [],
        "firstSeenAt": "2026-01-01T00:00:01Z",
        "lastSeenAt": "2026-01-01T00:00:02Z",
        "trend": [
            {"bucketStart": "2026-01-01T00:00:01Z", "count": 1},
            {"bucketStart": "2026-01-01T00:00:01.500000001Z", "count": 1},
        ],
        "sample": {"spanId": "b", "name": "query"},
    }


def test_samples_of_all_groups_are_read_at_once() -> None:
    asked = Asker(*(ended("t", one, status_message=f"failed {one}", error_info="{}") for one in "xyz"))
    assert len(asked.ask(ERRORS)["errors"]) == 3
    assert asked.called == ["get_spans"]


def test_call_paths_add_up_over_traces() -> None:
    found = asker().ask(TREE)["callTree"]
    assert [(one["path"], one["count"]) for one in found] == [
        (["GET /cart"], 2),
        (["GET /cart", "query"], 3),
        (["GET /cart", "chat"], 1),
        (["GET /cart", "chat", "tool"], 1),
        (["GET /cart", "mail"], 1),
        (["GET /cart", "wait"], 1),
    ]
    assert len(asker().ask(TREE, {"d": 1})["callTree"]) == 1
    assert asker().ask(TREE, {"f": {"traceId": {"eq": "none"}}})["callTree"] == []


def test_two_traces_are_aligned_by_path() -> None:
    diff = asker().ask(DIFF, {"b": "t", "o": "u"})["traceDiff"]
    assert (diff["base"], diff["other"]) == ({"traceId": "t"}, {"name": "GET /cart"})
    assert diff["costUsd"] == {"change": None}
    assert [("/".join(one["path"]), one["change"]) for one in diff["paths"]] == [
        ("GET /cart", "SAME"),
        ("GET /cart/query", "CHANGED"),
        ("GET /cart/chat", "REMOVED"),
        ("GET /cart/chat/tool", "REMOVED"),
        ("GET /cart/mail", "ADDED"),
        ("GET /cart/wait", "ADDED"),
    ]
    assert diff["paths"][1]["durationChangeMs"] == -2500
    assert asker().ask(DIFF, {"b": "t", "o": "none"}) == {"traceDiff": None}


@pytest.mark.parametrize("selected", ["__typename", "paths { name }", "base { name }", "spanCount { change }"])
@pytest.mark.parametrize("ids", ['base: "t", other: "none"', 'base: "none", other: "u"'])
def test_there_is_no_comparison_with_a_trace_that_does_not_exist(selected: str, ids: str) -> None:
    assert asker().ask(f"{{ traceDiff({ids}) {{ {selected} }} }}") == {"traceDiff": None}


def test_each_side_of_a_path_has_its_tokens_and_its_first_span() -> None:
    asked = Asker(
        ended("t", "c", "a", name="chat", attributes=usage(5)),
        ended("t", "d", "a", name="chat", attributes=usage(2)),
        ended("t", "e", "a", name="chat"),
        ended("u", "a", name="chat"),
    )
    sides = "base { totalTokens firstSpan { spanId type } } other { totalTokens costUsd firstSpan { spanId } }"
    found = asked.ask(f'{{ traceDiff(base: "t", other: "u") {{ paths {{ name {sides} }} }} }}')["traceDiff"]["paths"]
    assert found == [
        {
            "name": "chat",
            "base": {"totalTokens": 7, "firstSpan": {"spanId": "c", "type": "generic"}},
            "other": {"totalTokens": None, "costUsd": None, "firstSpan": {"spanId": "a"}},
        }
    ]


_FIGURES = "durationMs spanCount errorCount inputTokens outputTokens totalTokens costUsd"
_SIDE = ("count", "errorCount", "durationMs", "totalTokens", "costUsd", "firstSpan { spanId }")


@pytest.mark.parametrize(
    "alone",
    [
        *(f"{name} {{ base other change }}" for name in _FIGURES.split()),
        *(f"paths {{ {name} }}" for name in ("path", "name", "depth", "change", "durationChangeMs")),
        *(f"paths {{ {side} {{ {name} }} }}" for side in ("base", "other") for name in _SIDE),
        *(f"{side} {{ {name} }}" for side in ("base", "other") for name in ("spanCount", "rootSpan { name }")),
    ],
)
def test_what_is_selected_of_a_comparison_does_not_depend_on_what_else_is(alone: str) -> None:
    asked = Asker(
        ended("t", "a", name="run"),
        ended("t", "c", "a", name="chat", attributes=usage(5)),
        ended("t", "d", "a", name="chat", attributes=usage(2), error_info="{}"),
        span("t", "e", "a", name="chat"),
        ended("u", "a", name="run"),
        ended("u", "b", "a", name="chat", attributes=usage(1)),
        ended("u", "c", "a", name="mail"),
    )
    figures = " ".join(f"{name} {{ base other change }}" for name in _FIGURES.split())
    side = " ".join(_SIDE)
    paths = f"paths {{ path name depth change durationChangeMs base {{ {side} }} other {{ {side} }} }}"
    traces = "base { spanCount rootSpan { name } } other { spanCount rootSpan { name } }"
    everything = asked.ask(f'{{ traceDiff(base: "t", other: "u") {{ {traces} {figures} {paths} }} }}')["traceDiff"]
    found = asked.ask(f'{{ traceDiff(base: "t", other: "u") {{ {alone} }} }}')["traceDiff"]
    assert found == _part(everything, found)
    assert None not in (everything["totalTokens"]["change"], everything["costUsd"]["change"])


def _part(whole: Any, like: Any) -> Any:
    """Return what of an answer has a place in another one."""
    if isinstance(like, dict):
        return {name: whole[name] and _part(whole[name], value) for name, value in like.items()}
    if isinstance(like, list):
        return [_part(one, value) for one, value in zip(whole, like, strict=True)]
    return whole


def usage(tokens: int) -> Json:
    return Json(f'{{"gen_ai.usage.input_tokens": {tokens}, "gen_ai.usage.cost": {tokens * 0.25}}}')


def test_an_outline_folds_what_looks_alike_and_shows_what_failed() -> None:
    assert outline(asker()) == [
        "GET /cart (shop) 2.00 s",
        "  query [db] (db) x2 1.50 s (500 ms to 1.00 s)",
        "  chat [llm] 1.00 s",
        "    tool 5.00 ms ERROR: no 7",
    ]
    assert len(outline(asker(), fold=False)) == 5


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (1, ["... 5 more"]),
        (2, ["GET /cart (shop) 2.00 s", "  ... 4 more"]),
        (
            4,
            [
                "GET /cart (shop) 2.00 s",
                "  chat [llm] 1.00 s",
                "    tool 5.00 ms ERROR: no 7",
                "  ... 2 more",
            ],
        ),
    ],
)
def test_where_lines_are_short_failures_come_first_and_the_rest_is_counted(lines: int, expected: list[str]) -> None:
    assert outline(asker(), n=lines, fold=False) == expected


def test_a_line_says_model_tokens_and_cost() -> None:
    one = span("t", "a", name="chat", model="gpt-4o", total_tokens=1200, cost_usd=0.0125, duration_ms=3.0)
    assert (
        Outline(RecordBlock([one]), 1, fold_similar=True).text([]) == "chat 3.00 ms gpt-4o 1,200 tokens $0.0125 RUNNING"
    )


def test_a_running_span_and_an_error_without_a_message_are_said() -> None:
    asked = Asker(span("t", "a", name="a"), ended("t", "b", "a", name="b", error_info="{}"))
    assert outline(asked) == ["a RUNNING", "  b 1.00 s ERROR"]


def test_a_filter_in_a_trace_may_keep_what_is_above() -> None:
    query = 'query($k: Boolean!) { trace(traceId: "t") { spans(filter: {name: {eq: "tool"}}, keepAncestors: $k) {'
    query += " totalCount nodes { spanId } } } }"
    kept = asker().ask(query, {"k": True})["trace"]["spans"]
    assert kept == {"totalCount": 3, "nodes": [{"spanId": "a"}, {"spanId": "d"}, {"spanId": "e"}]}
    assert asker().ask(query, {"k": False})["trace"]["spans"]["totalCount"] == 1


@pytest.mark.parametrize(
    ("query", "element"),
    [
        ("{ errors(first: -1) { count } }", "first"),
        ("{ errors(buckets: 0) { count } }", "buckets"),
        ("{ callTree(maxDepth: 0) { count } }", "maxDepth"),
        ("{ callTree(first: 10001) { count } }", "first"),
        ("{ traces { nodes { outline(maxLines: 0) } } }", "maxLines"),
    ],
)
def test_numbers_out_of_bounds_are_refused(query: str, element: str) -> None:
    assert asker().bad_input(query) == element


DIFFERENCE = """query($b: SpanFilter, $s: SpanFilter!, $n: Int! = 20) {
  spanDifference(baseline: $b, selection: $s, first: $n) {
  baselineCount selectionCount fields { name level difference
    values { value baselineCount selectionCount baselineShare selectionShare }
    distribution { from to baselineShare selectionShare } } } }"""


def test_fields_are_ranked_by_how_much_their_values_differ() -> None:
    spans = [
        ended(
            "t",
            f"{number}",
            name="job",
            attributes=f'{{"region": "{"eu" if number < 4 else "us"}", "n": {number % 2}}}',
            user_id="u" if number % 2 else None,
            ended_at=at(8 if number < 4 else 1),
        )
        for number in range(8)
    ]
    found = Asker(*spans).ask(DIFFERENCE, {"s": {"durationMs": {"gt": 2000}}})["spanDifference"]
    assert (found["baselineCount"], found["selectionCount"]) == (4, 4)
    assert [(one["name"], one["level"], one["difference"]) for one in found["fields"]] == [
        ("durationMs", None, 1.0),
        ("region", "SPAN", 1.0),
    ]
    duration, region = found["fields"]
    assert [one["selectionShare"] for one in duration["distribution"]] == [0.0, 1.0]
    assert duration["distribution"][1]["from"] <= 8000 < duration["distribution"][1]["to"]
    assert region["values"] == [
        {"value": "eu", "baselineCount": 0, "selectionCount": 4, "baselineShare": 0.0, "selectionShare": 1.0},
        {"value": "us", "baselineCount": 4, "selectionCount": 0, "baselineShare": 1.0, "selectionShare": 0.0},
    ]


def test_what_is_absent_on_one_side_differs() -> None:
    asked = Asker(ended("t", "a", name="x", tags=["new"]), ended("t", "b", name="y", user_id="u"))
    found = asked.ask(DIFFERENCE, {"b": {"name": {"eq": "y"}}, "s": {"name": {"eq": "x"}}})["spanDifference"]
    fields = {one["name"]: one["values"] for one in found["fields"]}
    assert fields.keys() == {"name", "tags", "userId"}
    assert [value["value"] for value in fields["userId"]] == ["u", None]
    assert asked.bad_input(DIFFERENCE, {"s": {}, "n": -1}) == "first"
