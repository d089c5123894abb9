"""Traces deleted by their filter, and scores and feedback shown and given."""

import re
from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from tests.running import Running

from .axe import grave_faults
from .conftest import OpenPage
from .test_pages import CREATE

SOME = {"name": "to be judged", "startedAt": "2026-01-31T09:30:00Z", "endedAt": "2026-01-31T09:30:01Z"}


def more(page: Page, name: str) -> None:
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("button", name=name).click()


def test_a_filtered_list_is_deleted_once_its_number_is_confirmed(open_page: OpenPage, server: Running) -> None:
    stale = [{**SOME, "traceId": f"stale{n}", "spanId": "1", "serviceName": "stale"} for n in range(3)]
    server.ask(CREATE, {"spans": [*stale, {**SOME, "traceId": "stale0", "spanId": "2", "parentSpanId": "1"}]})
    page = open_page("/#/traces?f=serviceName+eq+stale")
    more(page, "Delete these traces…")
    dialog = page.get_by_role("dialog", name="Delete these traces")
    expect(dialog).to_contain_text("3 traces, with 4 spans")
    assert grave_faults(page) == []
    dialog.get_by_role("button", name="Keep them").click()
    expect(page.get_by_role("table", name="Traces").get_by_role("row")).to_have_count(4)
    page.get_by_role("button", name="Delete these traces…").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete 3 traces").click()
    expect(page.get_by_text("No trace meets this filter")).to_be_visible()
    assert server.ask('{ traces(filter: {serviceName: {eq: "stale"}}, first: 0) { totalCount } }') == {
        "data": {"traces": {"totalCount": 0}}
    }


def test_all_traces_are_not_offered_to_be_deleted(open_page: OpenPage) -> None:
    page = open_page("/")
    page.get_by_role("button", name="More", exact=True).click()
    expect(page.get_by_role("button", name="Download CSV")).to_be_visible()
    expect(page.get_by_role("button", name="Delete these traces…")).to_have_count(0)


def test_a_row_says_the_first_error_of_its_trace_and_where(open_page: OpenPage, server: Running) -> None:
    late = {"startedAt": datetime.now(UTC).isoformat(), "endedAt": datetime.now(UTC).isoformat()}
    root = {**SOME, **late, "traceId": "why", "spanId": "1", "serviceName": "shop"}
    below = [
        {**root, "spanId": str(n), "parentSpanId": "1", "serviceName": "bank", "errorInfo": {"message": f"no {n}"}}
        for n in range(2, 400)
    ]
    server.ask(CREATE, {"spans": [root, *below]})
    page = open_page("/#/traces?f=hasError+eq+true")
    row = page.get_by_role("table", name="Traces").get_by_role("row").filter(has_text="to be judged")
    expect(row).to_contain_text("bank: no ")
    others = page.get_by_role("table", name="Traces").get_by_role("row").filter(has_text="failed")
    expect(others.nth(3).locator(".row-error")).to_be_visible()


def test_a_span_shows_its_scores_and_takes_feedback(open_page: OpenPage, server: Running) -> None:
    server.ask(CREATE, {"spans": [{**SOME, "traceId": "judged", "spanId": "1"}]})
    score = '{traceId: "judged", spanId: "1", name: "relevancy", value: 0.4, scorer: "judge", comment: "Off topic."}'
    server.ask(f"mutation {{ batchCreateScores(scores: [{score}]) {{ createdCount }} }}")
    page = open_page("/#/trace/judged")
    listed = page.get_by_role("list", name="Scores and feedback").get_by_role("listitem")
    expect(listed).to_have_text(re.compile("relevancy 0.4 ?judge, now ?Off topic."))
    page.get_by_role("textbox", name="Comment").fill("I asked for kayaks.")
    page.get_by_role("button", name="Bad").click()
    expect(listed.first).to_have_text(re.compile("thumbs bad ?user, now ?I asked for kayaks."))
    page.get_by_role("button", name="Score…").click()
    page.get_by_role("textbox", name="Name of the score").fill("safe")
    page.get_by_role("textbox", name="Value").fill("yes")
    page.get_by_role("button", name="Add score").click()
    expect(listed.first).to_have_text(re.compile("safe yes ?user"))
    assert grave_faults(page) == []
    page.get_by_role("button", name="Delete: relevancy").click()
    expect(listed).to_have_count(2)
    what = "scores { nodes { name booleanValue } } feedback { totalCount }"
    found = server.ask(f'{{ trace(traceId: "judged") {{ {what} }} }}')
    assert found["data"]["trace"] == {
        "scores": {"nodes": [{"name": "safe", "booleanValue": True}]},
        "feedback": {"totalCount": 1},
    }


def test_a_trace_shows_what_was_said_of_it_and_its_spans(open_page: OpenPage, server: Running) -> None:
    server.ask(CREATE, {"spans": [{**SOME, "traceId": "liked", "spanId": "1"}]})
    score = '{traceId: "liked", spanId: "1", name: "relevancy", value: 0.9}'
    server.ask(f"mutation {{ batchCreateScores(scores: [{score}]) {{ createdCount }} }}")
    page = open_page("/trace/liked?span=1")
    expect(page).to_have_url(re.compile(r"/#/trace/liked\?span=1$"))
    page.get_by_role("button", name="Scores…").click()
    dialog = page.get_by_role("dialog", name="Scores and feedback")
    expect(dialog.get_by_role("link", name="of a span")).to_be_visible()
    dialog.get_by_role("button", name="Good").click()
    expect(dialog.get_by_role("listitem").first).to_contain_text("thumbs good")
    assert grave_faults(page) == []
