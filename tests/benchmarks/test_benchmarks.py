"""The benchmark says what it measured: its table is in the docs, and its load is what the table says it is."""

import json
import shlex
import subprocess
import sys

import pytest

from spanwell.graphql.execution.executor import Execution
from spanwell.graphql.execution.prepared import GraphQLRequest
from spanwell.graphql.fast.batch_decoding import LIST_INPUTS
from spanwell.graphql.library import core_schema
from spanwell.graphql.schema import schema
from tests.running import ROOT

from . import table
from .figures import Row, at_least, at_most, both, percentile, steady, timed_row, within
from .spans import BATCH, TRACE, Source


def test_the_table_of_the_page_is_that_of_the_newest_results() -> None:
    """`python -m tests.benchmarks.table` puts it there."""
    shown = table.SECTION.search((ROOT / "docs" / "performance.md").read_text(encoding="utf-8"))
    assert shown is not None
    assert shown[2] == table.markdown(json.loads(table.newest().read_text(encoding="utf-8")))


def test_the_command_of_the_page_starts_the_benchmark() -> None:
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    command = page.partition("```sh speed\n")[2].partition("\n")[0]
    python, *arguments = shlex.split(command)
    assert python == ".venv/bin/python"
    done = subprocess.run([sys.executable, *arguments, "--help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "--short" in done.stdout


def test_batches_are_a_thousand_spans_of_about_1400_bytes() -> None:
    source = Source(2)
    first, second, third = (source.next() for _ in range(3))
    assert len(first.spans) == len(second.spans) == BATCH
    assert 1_200 < len(first.create) / BATCH < 1_600
    assert len(set(first.trace_ids)) == BATCH // TRACE
    assert set(first.trace_ids).isdisjoint(third.trace_ids), "the third is made of the first one's template"
    assert max(span["startedAt"] for span in first.spans) < min(span["startedAt"] for span in second.spans)


def test_batches_take_the_fast_way_into_the_server() -> None:
    source = Source(1)
    execution = Execution(core_schema(schema), list_inputs=LIST_INPUTS)
    for body in (source.next().create, source.next().update, source.big(50).create):
        asked = json.loads(body)
        prepared = execution.prepare(GraphQLRequest(asked["query"], None, json.dumps(asked["variables"]).encode()))
        (read,) = prepared.variables.read.values()
        assert len(read.records) in {50, BATCH}


def test_targets_are_judged_by_medians_rates_and_ratios() -> None:
    row = timed_row("reading", [1.0, 2.0, 3.0, 4.0, 50.0], [1.0, 1.0])
    assert (row.p50, row.p95, row.reference, row.ratio) == (3.0, 50.0, 1.0, 3.0)
    assert at_most(3).judged(row).met
    assert not at_most(2.9).judged(row).met
    assert not at_most(3, "p95").judged(row).met
    assert not both(at_most(3), steady(2)).judged(row).met
    rate = Row("writing", "spans/s", 10.0, reference=40.0)
    assert rate.ratio == 0.25
    assert at_least(0.25).judged(rate).met
    assert not at_least(0.3).judged(rate).met
    assert not within(9, "MB").judged(Row("memory", "MB", 10.0)).met


@pytest.mark.parametrize(("share", "value"), [(0, 1), (0.5, 3), (0.95, 5), (1, 5)])
def test_percentiles_are_values_that_occurred(share: float, value: float) -> None:
    assert percentile([5, 1, 3, 2, 4], share) == value


def test_the_printed_columns_are_aligned() -> None:
    rows = [table.cells(Row("an operation", "ms", 1.5, 2.5, 3.5, 1.0, target="<= 2 x", met=True).document())]
    heading, line = table.lines(rows)
    assert line.split()[-1] == "yes"
    assert heading.index("target") == line.index("<=")
