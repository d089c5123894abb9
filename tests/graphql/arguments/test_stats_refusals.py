"""What the fields of statistics refuse, and how they name it."""

import pytest

from tests.graphql.asking import Asker
from tests.making import at, ended

DAY = 'startedAt: {gte: "2026-01-01T00:00:00Z", lt: "2026-01-01T00:00:04Z"}'


@pytest.fixture
def asker() -> Asker:
    """Three groups by service, one of them of no service."""
    return Asker(
        ended("t", "a", None, service_name="a"),
        ended("u", "b", None, service_name="b", started_at=at(1)),
        ended("v", "c", None, started_at=at(2)),
    )


@pytest.mark.parametrize(
    ("arguments", "element"),
    [
        ('groupBy: [{field: "name"}, {field: "http.method"}]', "groupBy[1].field"),
        ('groupBy: [{field: "/~2", level: SPAN}]', "groupBy[0].field"),
        ("groupBy: [" + '{field: "name"}' * 5 + "]", "groupBy"),
        ('interval: "1 day"', "interval"),
        ('interval: "PT1S", buckets: 3', "buckets"),
        ("buckets: 0", "buckets"),
        ("buckets: 10001", "buckets"),
        ('timeZone: "Mars/Base"', "timeZone"),
        ("first: -1", "first"),
        ("first: 1001", "first"),
        ("compareTo: PREVIOUS_PERIOD", "compareTo"),
        ('compareTo: PREVIOUS_PERIOD, filter: {startedAt: {gte: "2026-01-01T00:00:00Z"}}', "compareTo"),
        (f'filter: {{{DAY}}}, interval: "PT0.0001S"', "interval"),
        (f'filter: {{{DAY}}}, buckets: 5000, first: 9, groupBy: [{{field: "serviceName"}}]', "groupBy"),
        ('filter: {name: {regex: "("}}', "filter.name.regex"),
        ("having: {measure: COUNT, is: {gt: 1}}", "having"),
        ('groupBy: [{field: "name"}], having: [{measure: COUNT, is: {}}, {measure: KEY, is: {}}]', "having[1].measure"),
        ('groupBy: [{field: "name"}], having: {measure: RATE, is: {gt: 1}}', "having[0].measure"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(asker: Asker, arguments: str, element: str) -> None:
    query = f"{{ spanStats({arguments}) {{ count previous {{ count }} }} }}"
    assert asker.bad_input(query) == element


@pytest.mark.parametrize(
    ("selected", "element"),
    [
        ("durationMs { quantile(q: 1.5) }", "quantile.q"),
        ("durationMs { quantile(q: -0.1) }", "quantile.q"),
        ("histogram(bounds: []) { count }", "histogram.bounds"),
        ("histogram(bounds: [2, 1]) { count }", "histogram.bounds"),
        ("histogram(bounds: [0, 1]) { count }", "histogram.bounds"),
        (f"histogram(bounds: {list(range(1, 102))}) {{ count }}", "histogram.bounds"),
    ],
)
def test_arguments_of_figures_are_refused_by_name(asker: Asker, selected: str, element: str) -> None:
    assert asker.bad_input(f"{{ traceStats {{ {selected} }} }}") == element
