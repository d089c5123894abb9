"""`changes`, and what those who follow are told of records that no longer match or are gone, by the schema itself."""

from spanwell.graphql.execution.prepared import GraphQLRequest
from tests.making import span

from .test_following import CHANGES, Asked, data, run

REMOVED = "subscription($f: SpanFilter) { spans(filter: $f) { span { name } removed { reason traceId spanId } } }"
REMOVED_TRACES = "subscription($f: TraceFilter) { traces(filter: $f) { trace { name } removed { reason traceId } } }"


def test_changes_are_polled_without_a_gap_or_a_repeat() -> None:
    async def test(asked: Asked) -> None:
        await asked.service.create_spans([span("t", "0", name="before")])
        begun = await asked.changes()
        assert (begun["spans"], begun["hasMore"]) == ([], False)
        assert await asked.changes(a=begun["cursor"]) == begun
        await asked.service.create_spans([span("t", str(number), name=str(number)) for number in range(1, 4)])
        page = await asked.changes(a=begun["cursor"])
        assert (page["spans"], page["hasMore"]) == ([{"name": "1"}, {"name": "2"}], True)
        rest = await asked.changes(a=page["cursor"])
        assert (rest["spans"], rest["hasMore"]) == ([{"name": "3"}], False)

    run(test)


def test_a_cursor_of_changes_belongs_to_its_filter() -> None:
    async def test(asked: Asked) -> None:
        cursor = (await asked.changes())["cursor"]
        query = CHANGES.replace("changes(", "x: changes(")
        prepared = asked.execution.prepare(GraphQLRequest(query, None, {"a": cursor, "f": {"name": {"eq": "x"}}}))
        answer = await asked.execution.execute(prepared, asked.context())
        assert answer.failures[0]["extensions"]["code"] == "BAD_CURSOR"

    run(test)


def test_what_no_longer_meets_the_filter_and_what_is_deleted_is_told_to_those_who_select_it() -> None:
    async def test(asked: Asked) -> None:
        await asked.service.create_spans([span("t", "a", user_id="u")])
        following = asked.follow(REMOVED, f={"userId": {"eq": "u"}})
        waiting = await asked.started(following)
        await asked.service.create_spans([span("t", "a", user_id="v")])
        removed = {"reason": "UNMATCHED", "traceId": "t", "spanId": "a"}
        assert data(await waiting)["spans"] == {"span": None, "removed": removed}
        waiting = await asked.started(following)
        await asked.service.delete_traces(["t"])
        assert data(await waiting)["spans"]["removed"] == {"reason": "DELETED", "traceId": "t", "spanId": None}
        waiting = await asked.started(following)
        await asked.service.clear_all()
        assert data(await waiting)["spans"]["removed"] == {"reason": "CLEARED", "traceId": None, "spanId": None}
        await following.aclose()

    run(test)


def test_a_trace_that_no_longer_meets_the_filter_is_told() -> None:
    async def test(asked: Asked) -> None:
        await asked.service.create_spans([span("t", "b", "a", user_id="u", name="stand-in")])
        following = asked.follow(REMOVED_TRACES, f={"userId": {"eq": "u"}})
        waiting = await asked.started(following)
        await asked.service.create_spans([span("t", "a", user_id="v", name="root")])
        removed = {"reason": "UNMATCHED", "traceId": "t"}
        assert data(await waiting)["traces"] == {"trace": None, "removed": removed}
        await following.aclose()

    run(test)


def test_changes_tell_what_was_removed() -> None:
    async def test(asked: Asked) -> None:
        await asked.service.create_spans([span("t", "a"), span("u", "a")])
        cursor = (await asked.changes())["cursor"]
        await asked.service.delete_traces(["t"])
        query = CHANGES.replace("spans {", "removed { traceId } spans {")
        prepared = asked.execution.prepare(GraphQLRequest(query, None, {"a": cursor}))
        answer = data(await asked.execution.execute(prepared, asked.context()))["changes"]
        assert (answer["removed"], answer["spans"], answer["hasMore"]) == ([{"traceId": "t"}], [], False)
        assert (await asked.changes(a=cursor))["spans"] == []

    run(test)
