"""Statistics cost as many records as their rows may hold, whatever the store has."""

import pytest
from graphql import parse

from spanwell.graphql.execution.cost import costs_of
from spanwell.graphql.execution.limits import operations_of
from spanwell.graphql.library import core_schema
from spanwell.graphql.schema import schema


@pytest.mark.parametrize(
    ("arguments", "rows"),
    [
        ("", 1),
        ('(interval: "PT1M")', 200),
        ("(buckets: 24)", 24),
        ('(groupBy: [{field: "name"}])', 50 * (1 + 1)),
        ('(groupBy: [{field: "name"}], first: 3, buckets: 10)', 3 * (1 + 10)),
        ("(groupBy: $keys, first: $first, buckets: $buckets)", 7 * (1 + 5)),
    ],
)
def test_statistics_cost_as_many_records_as_they_may_have_rows(arguments: str, rows: int) -> None:
    query = f"query ($keys: [GroupKey!], $first: Int!, $buckets: Int) {{ spanStats{arguments} {{ count }} }}"
    document = parse(query)
    cost = costs_of(document, core_schema(schema)).of(operations_of(document)[0], {"first": 7, "buckets": 5})
    assert cost.records == rows


@pytest.mark.parametrize(
    ("figure", "records"),
    [
        ("histogram { count }", 10 * (1 + 64)),
        ("histogram(bounds: [1, 2, 3]) { count }", 10 * (1 + 3)),
        ("histogram(bounds: $bounds) { count }", 10 * (1 + 2)),
        ("durationMs { quantile(q: 0.1) b: quantile(q: 0.2) }", 10 * (1 + 5 + 5)),
        ("count", 10),
    ],
)
def test_figures_with_arguments_cost_more_than_their_row(figure: str, records: int) -> None:
    document = parse(f"query ($bounds: [Float!]) {{ spanStats(buckets: 10) {{ {figure} }} }}")
    cost = costs_of(document, core_schema(schema)).of(operations_of(document)[0], {"bounds": [1.0, 2.0]})
    assert cost.records == records
    assert cost.values > cost.records
