"""Scores and feedback through the schema: what is asked of spans, traces, sessions and of all of them at once."""

from typing import Any

import pytest

from spanwell.graphql.arguments.assessment_inputs import CreateFeedbackInput, CreateScoreInput
from spanwell.graphql.fast.batch_mutations import record_of
from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.model.columns import camel
from spanwell.observability.model.identifiers import global_id
from spanwell.observability.service import WriteLimits
from tests.graphql.asking import Asker
from tests.making import ended

SCORES = "mutation($s: [CreateScoreInput!]!, $i: OnInvalid!) { batchCreateScores(scores: $s, onInvalid: $i) { createdCount recordIds skipped { index recordId reason } } }"  # noqa: E501 - one document
FEEDBACK = "mutation($f: [CreateFeedbackInput!]!) { batchCreateFeedback(feedback: $f) { createdCount recordIds } }"
MOMENTS = [f"2026-01-01T00:0{minute}:00Z" for minute in range(6)]


def score(score_id: str, trace_id: str | None = "t", span_id: str | None = None, **given: Any) -> dict[str, Any]:
    stated = {"timestamp": MOMENTS[0], "name": "relevancy", **given}
    return {"scoreId": score_id, "traceId": trace_id, "spanId": span_id, **stated}


def said(asker: Asker, *scores: dict[str, Any], skip: bool = False) -> Any:
    asked = {"s": list(scores), "i": "SKIP" if skip else "REJECT_BATCH"}
    return asker.ask(SCORES, asked)["batchCreateScores"]


@pytest.fixture
def asker() -> Asker:
    made = Asker(ended("t", "a", session_id="s"), ended("t", "b", "a"), ended("u", "a", session_id="s"))
    said(
        made,
        score("1", "t", "a", value=0.25, timestamp=MOMENTS[1], scorer="judge", environment="dev"),
        score("2", "t", None, value=0.75, timestamp=MOMENTS[2], textValue="good"),
        score("3", "u", "a", booleanValue=True, timestamp=MOMENTS[3], name="toxic", metadata={"model": "m"}),
        score("4", None, None, sessionId="s", value=1, timestamp=MOMENTS[4], name="goal"),
    )
    made.ask(FEEDBACK, {"f": [{"feedbackId": "f", "traceId": "t", "spanId": "b", "name": "thumbs", "value": 1}]})
    return made


def ids(connection: dict[str, Any]) -> list[str]:
    return [node["scoreId"] for node in connection["nodes"]]


def test_scores_hang_on_their_spans_traces_and_sessions(asker: Asker) -> None:
    found = asker.ask("""{
        spans(orderBy: [{field: NAME, direction: ASC}]) { nodes {
            traceId spanId scores { totalCount nodes { scoreId value } } feedback { nodes { feedbackId value } } } }
        traces(orderBy: [{field: NAME, direction: ASC}]) { nodes { traceId scores { nodes { scoreId } } } }
        session(sessionId: "s") { scores { nodes { scoreId name } } feedback { totalCount } }
    }""")
    spans = {(span["traceId"], span["spanId"]): span for span in found["spans"]["nodes"]}
    assert spans["t", "a"]["scores"] == {"totalCount": 1, "nodes": [{"scoreId": "1", "value": 0.25}]}
    assert spans["t", "b"]["scores"] == {"totalCount": 0, "nodes": []}
    assert spans["t", "b"]["feedback"]["nodes"] == [{"feedbackId": "f", "value": 1.0}]
    traces = {trace["traceId"]: ids(trace["scores"]) for trace in found["traces"]["nodes"]}
    assert traces == {"t": ["2", "1"], "u": ["3"]}
    assert found["session"] == {"scores": {"nodes": [{"scoreId": "4", "name": "goal"}]}, "feedback": {"totalCount": 0}}


def test_scores_hang_on_threads_as_well() -> None:
    asker = Asker(ended("t", "a", thread_id="th"))
    said(asker, score("1", None, None, threadId="th"), score("2", None, None, sessionId="th"))
    found = asker.ask('{ thread(threadId: "th") { scores { nodes { scoreId } } feedback { totalCount } } }')["thread"]
    assert (ids(found["scores"]), found["feedback"]["totalCount"]) == (["1"], 0)


def test_a_list_of_scores_is_filtered_ordered_and_paged(asker: Asker) -> None:
    page = """query($after: String) { scores(first: 2, after: $after, filter: {value: {isNull: false}},
        orderBy: [{field: VALUE, direction: ASC, nulls: LAST}]) {
        totalCount nodes { scoreId } pageInfo { hasNextPage endCursor } } }"""
    first = asker.ask(page)["scores"]
    assert (ids(first), first["totalCount"], first["pageInfo"]["hasNextPage"]) == (["1", "2"], 3, True)
    assert ids(asker.ask(page, {"after": first["pageInfo"]["endCursor"]})["scores"]) == ["4"]
    assert ids(asker.ask("{ scores { nodes { scoreId } } }")["scores"]) == ["4", "3", "2", "1"]
    by_value = "{ scores(orderBy: [{field: VALUE}]) { nodes { scoreId } } }"
    assert ids(asker.ask(by_value)["scores"]) == ["3", "4", "2", "1"]


FILTERS = [
    ('{name: {eq: "relevancy"}, value: {lt: 0.5}}', ["1"]),
    ('{or: [{scorer: {eq: "judge"}}, {textValue: {startsWith: "go"}}]}', ["2", "1"]),
    ("{not: {value: {gte: 0.5}}}", ["3", "1"]),
    ("{and: [{spanId: {isNull: true}}, {traceId: {isNull: false}}]}", ["2"]),
    ('{attributes: [{key: "model", level: METADATA, string: {eq: "m"}}]}', ["3"]),
    ('{timestamp: {gte: "2026-01-01T00:03:00Z"}}', ["4", "3"]),
    ('{span: {child: {some: {name: {eq: "span b"}}}}}', ["1"]),
    ("{span: {}}", ["3", "1"]),
    ("{trace: {spanCount: {gt: 1}, feedback: {some: {}}}}", ["2", "1"]),
    ("{not: {trace: {}}}", ["4"]),
]


@pytest.mark.parametrize(("asked", "expected"), FILTERS)
def test_scores_are_found_by_any_of_their_fields(asker: Asker, asked: str, expected: list[str]) -> None:
    assert ids(asker.ask(f"{{ scores(filter: {asked}) {{ nodes {{ scoreId }} }} }}")["scores"]) == expected


OF_SPANS = [
    ('{scores: {some: {name: {eq: "relevancy"}, value: {lt: 0.3}}}}', [("t", "a")]),
    ("{scores: {some: {}}}", [("t", "a"), ("u", "a")]),
    ("{scores: {none: {}}}", [("t", "b")]),
    ("{scores: {every: {booleanValue: {eq: true}}}}", [("t", "b"), ("u", "a")]),
    ('{feedback: {some: {name: {eq: "thumbs"}}}}', [("t", "b")]),
    ("{not: {feedback: {none: {value: {gt: 0}}}}}", [("t", "b")]),
    ("{child: {some: {feedback: {some: {}}}}}", [("t", "a")]),
]


@pytest.mark.parametrize(("asked", "expected"), OF_SPANS)
def test_spans_are_found_by_what_is_said_of_them(asker: Asker, asked: str, expected: list[tuple[str, str]]) -> None:
    nodes = asker.ask(f"{{ spans(filter: {asked}) {{ nodes {{ traceId spanId }} }} }}")["spans"]["nodes"]
    assert sorted((node["traceId"], node["spanId"]) for node in nodes) == expected


OF_TRACES = [
    ("{scores: {some: {value: {gt: 0.5}}}}", ["t"]),
    ("{scores: {every: {booleanValue: {eq: true}}}}", ["u"]),
    ("{feedback: {none: {}}}", ["u"]),
    ("{spans: {some: {scores: {some: {value: {gt: 0.5}}}}}}", []),
]


@pytest.mark.parametrize(("asked", "expected"), OF_TRACES)
def test_traces_are_found_by_what_is_said_of_them_and_their_spans(
    asker: Asker, asked: str, expected: list[str]
) -> None:
    nodes = asker.ask(f"{{ traces(filter: {asked}) {{ nodes {{ traceId }} }} }}")["traces"]["nodes"]
    assert sorted(node["traceId"] for node in nodes) == expected


@pytest.mark.parametrize(
    ("query", "element"),
    [
        ('{ scores(filter: {attributes: [{key: "a"}]}) { totalCount } }', "filter.attributes[0].level"),
        (
            '{ spans(filter: {scores: {some: {comment: {regex: "("}}}}) { totalCount } }',
            "filter.scores.some.comment.regex",
        ),
        ('{ scores(filter: {span: {name: {regex: "("}}}) { totalCount } }', "filter.span.name.regex"),
        ("{ scores(first: 1001) { totalCount } }", "first"),
        ('{ scoreStats(groupBy: [{field: "model"}]) { count } }', "groupBy[0].field"),
        ('{ scoreStats(groupBy: [{field: "a", level: SPAN}]) { count } }', "groupBy[0].level"),
        ('{ scoreStats(groupBy: [{field: "span.x"}]) { count } }', "groupBy[0].field"),
        ('{ scoreStats { numbers(field: "name") { avg } } }', "numbers.field"),
    ],
)
def test_what_cannot_be_asked_is_named(asker: Asker, query: str, element: str) -> None:
    assert asker.bad_input(query) == element


def test_from_a_score_to_its_span_and_trace_and_back_by_its_global_id(asker: Asker) -> None:
    shown = "scoreId span { spanId name } trace { traceId spanCount }"
    found = asker.ask(f'{{ score(scoreId: "1") {{ id {shown} }} none: score(scoreId: "9") {{ name }} }}')
    assert found["none"] is None
    score_id = found["score"].pop("id")
    assert found["score"]["span"] == {"spanId": "a", "name": "span a"}
    assert found["score"]["trace"] == {"traceId": "t", "spanCount": 2}
    both = [score_id, global_id("Feedback", "f"), global_id("Score", "9")]
    asked = f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ id ... on Score {{ {shown} }} ... on Feedback {{ name }} }} }}"
    first, second, third = asker.ask(asked, {"ids": both})["nodes"]
    assert first == {"id": score_id, **found["score"]}
    assert (second["name"], third) == ("thumbs", None)
    loose = asker.ask('{ score(scoreId: "4") { span { name } trace { name } } }')["score"]
    assert loose == {"span": None, "trace": None}
    assert asker.ask('{ feedbackById(feedbackId: "f") { name } }')["feedbackById"] == {"name": "thumbs"}


def test_all_scores_of_a_list_of_traces_are_read_at_once(asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []
    plain = asker.storage.list_assessments_of

    async def noted(*arguments: Any) -> Any:
        calls.append(arguments)
        return await plain(*arguments)

    monkeypatch.setattr(asker.storage, "list_assessments_of", noted)
    asker.ask("{ traces { nodes { scores { nodes { name } } feedback { nodes { name } } } } }")
    assert len(calls) == 2


def test_an_id_that_is_left_out_is_made_and_told() -> None:
    asker = Asker()
    (made,) = said(asker, {"traceId": "t", "name": "n"})["recordIds"]
    assert asker.ask("query($i: ID!) { score(scoreId: $i) { traceId } }", {"i": made})["score"] == {"traceId": "t"}


@pytest.mark.parametrize(
    ("kind", "made"), [(AssessmentKind.SCORE, CreateScoreInput), (AssessmentKind.FEEDBACK, CreateFeedbackInput)]
)
def test_what_is_read_directly_is_what_the_input_object_means(kind: AssessmentKind, made: Any) -> None:
    given = {column.name: f"{column.name}!" for column in kind.given_columns}
    for values in ({**given, kind.id_column: "1"}, {"name": "n", "comment": None, kind.id_column: "1"}):
        labelled = {camel(name): value for name, value in values.items()}
        assert record_of(kind, labelled) == made(**values).to_record()
    bare = [record_of(kind, {"name": "n"}), made(name="n").to_record()]
    assert len({kind.id_of(record) for record in bare}) == 2


def test_a_bad_element_is_skipped_where_that_is_asked_for() -> None:
    asker = Asker()
    done = said(asker, score("1"), score("2", None, "a"), score("3"), skip=True)
    assert (done["createdCount"], done["recordIds"]) == (2, ["1", "3"])
    (skipped,) = done["skipped"]
    assert (skipped["index"], skipped["recordId"]) == (1, "2")
    update = """mutation($u: [UpdateScoreInput!]!) { batchUpdateScores(updates: $u, onInvalid: SKIP) {
        updatedCount notFound { index recordId } skipped { index reason } } }"""
    changes = [{"scoreId": "1", "name": None}, {"scoreId": "9", "value": 1}, {"scoreId": "3", "value": 1}]
    found = asker.ask(update, {"u": changes})["batchUpdateScores"]
    assert (found["updatedCount"], found["notFound"]) == (1, [{"index": 1, "recordId": "9"}])
    assert found["skipped"] == [{"index": 0, "reason": "`name` cannot be cleared."}]


def test_feedback_is_changed_and_deleted_too(asker: Asker) -> None:
    update = "mutation($u: [UpdateFeedbackInput!]!) { batchUpdateFeedback(updates: $u) { updatedCount } }"
    asker.ask(update, {"u": [{"feedbackId": "f", "comment": "thanks", "value": None}]})
    read = '{ feedback(filter: {comment: {contains: "than"}}) { nodes { value comment } } }'
    assert asker.ask(read)["feedback"]["nodes"] == [{"value": None, "comment": "thanks"}]
    deleted = asker.ask('mutation { batchDeleteFeedback(feedbackIds: ["f", "9"]) { deletedCount } }')
    assert deleted["batchDeleteFeedback"] == {"deletedCount": 1}
    assert asker.ask(read)["feedback"]["nodes"] == []


def test_more_than_a_batch_holds_is_refused() -> None:
    asker = Asker(limits=WriteLimits(batch_spans=1))
    deletion = 'mutation { batchDeleteScores(scoreIds: ["1", "2"]) { deletedCount } }'
    assert asker.bad_input(deletion) == "scoreIds"
    assert asker.bad_input(SCORES, {"s": [score("1"), score("2")], "i": "SKIP"}) == "scores"


def test_a_score_that_is_too_large_is_refused() -> None:
    asker = Asker(limits=WriteLimits(span_bytes=100))
    assert asker.bad_input(SCORES, {"s": [score("1", comment="x" * 101)], "i": "REJECT_BATCH"}) == "scores[0]"


def test_figures_of_scores_by_groups_and_over_time(asker: Asker) -> None:
    found = asker.ask("""{
        byName: scoreStats(groupBy: [{field: "name"}], orderBy: [{measure: AVG, direction: ASC}]) {
            keys count share traceCount value { count avg min max p50 histogram(bounds: [0.5]) { to count } }
            booleanCount trueCount trueShare countDistinct(field: "spanId") }
        byModel: scoreStats(groupBy: [{field: "model", level: METADATA}]) { keys count }
        overTime: scoreStats(interval: "PT2M", filter: {timestamp: {gte: "2026-01-01T00:00:00Z",
            lt: "2026-01-01T00:06:00Z"}}, compareTo: PREVIOUS_PERIOD) {
            bucketStart count rate value { avg } previous { count } }
        bySpan: scoreStats(groupBy: [{field: "span.name"}]) { keys count numbers(field: "span.durationMs") { avg } }
        byTrace: scoreStats(groupBy: [{field: "trace.spanCount"}]) { keys count countDistinct(field: "trace.name") }
        nothing: feedbackStats(filter: {name: {eq: "x"}}) { count share trueShare trueCount value { avg } }
        feedback: feedbackStats { count share numbers(field: "value") { sum } }
    }""")
    assert [(row["keys"], row["count"], row["share"]) for row in found["byName"]] == [
        (["relevancy"], 2, 0.5),
        (["goal"], 1, 0.25),
        (["toxic"], 1, 0.25),
    ]
    relevancy, _, toxic = found["byName"]
    bins = [{"to": 0.5, "count": 1}, {"to": None, "count": 1}]
    assert relevancy["value"] == {"count": 2, "avg": 0.5, "min": 0.25, "max": 0.75, "p50": 0.5, "histogram": bins}
    assert (relevancy["traceCount"], relevancy["countDistinct"], relevancy["trueShare"]) == (1, 1, None)
    assert (toxic["booleanCount"], toxic["trueCount"], toxic["trueShare"], toxic["value"]["avg"]) == (1, 1, 1.0, None)
    assert [(row["keys"], row["count"]) for row in found["byModel"]] == [([None], 3), (["m"], 1)]
    assert [(row["keys"], row["count"], row["numbers"]["avg"]) for row in found["bySpan"]] == [
        (["span a"], 2, 1000.0),
        ([None], 2, None),
    ]
    assert [(*row["keys"], row["count"], row["countDistinct"]) for row in found["byTrace"]] == [
        ("2", 2, 1),
        ("1", 1, 1),
        (None, 1, 0),
    ]
    assert [(row["bucketStart"], row["count"], row["value"]["avg"]) for row in found["overTime"]] == [
        ("2026-01-01T00:00:00Z", 1, 0.25),
        ("2026-01-01T00:02:00Z", 2, 0.75),
        ("2026-01-01T00:04:00Z", 1, 1.0),
    ]
    assert [row["previous"]["count"] for row in found["overTime"]] == [0, 0, 0]
    empty = {"count": 0, "share": None, "trueShare": None, "trueCount": 0, "value": {"avg": None}}
    assert found["nothing"] == [empty]
    assert found["feedback"] == [{"count": 1, "share": 1.0, "numbers": {"sum": 1.0}}]
