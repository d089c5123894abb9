"""Selects the rows behind statistics: for each record its groups, its bucket, and its measured values."""

from collections.abc import Iterator
from itertools import pairwise
from math import gcd

from spanwell.observability.questions.conditions import Attribute
from spanwell.observability.questions.fields import FieldRef
from spanwell.observability.questions.statistics import StatsQuery
from spanwell.storage.duckdb.conditions.fields import Parts, each_text_of, json_of, number_of, numbers_of, text_of
from spanwell.storage.duckdb.conditions.referred import joins, scope_of
from spanwell.storage.duckdb.conditions.scopes import OF_SPANS, Scope
from spanwell.storage.duckdb.conditions.sql import TRUE, Sql, join
from spanwell.storage.duckdb.conditions.where import where

from .statistics_figures import Figures

_MOST_CELLS = 100_000

_USAGE = ("input_tokens", "output_tokens", "total_tokens", "cost_usd")
_OF_SPANS_ALONE = ("cached_input_tokens", "cache_write_input_tokens", "reasoning_tokens")
"""Usage columns that traces have no rollup of."""

# A span whose place lies within an earlier span's interval is included in that span's usage, and one with a negative
# end gives way to the spans below it (`derivation.places`).
_COUNTED = """SELECT spans.*,
 coalesce(max(usage_end) OVER before, -1) < usage_start
 AND (usage_end >= 0 OR coalesce(lead(usage_start) OVER places > ~usage_end, TRUE)) AS counts,
 counts AND total_tokens IS NOT NULL AS speaks, counts AND cost_usd IS NOT NULL AS charges,
 cost_usd IS NOT NULL AS priced
 FROM spans WHERE usage_start IS NOT NULL AND """.replace("\n", "")
_BEFORE = (
    " WINDOW places AS (PARTITION BY trace_id ORDER BY usage_start),"
    " before AS (places ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
)


def source(query: StatsQuery, scope: Scope, figures: Figures) -> Sql:
    """Select the groups (`k0`, `k1`, ..), the `bucket`, and the measured columns of the matching records."""
    parts = Parts()
    keys = [_key(number, ref, scope_of(ref, scope), parts) for number, ref in enumerate(query.group_by)]
    numbers = [_number(ref, scope_of(ref, scope), parts) + f" AS n{n}" for n, ref in enumerate(figures.numbers)]
    values = [_value(ref, scope_of(ref, scope), parts) + f" AS d{n}" for n, ref in enumerate(figures.values_of)]
    bucket, cells = _bucket(query.edges, scope)
    listed = [*parts.columns, bucket + " AS bucket", *map(Sql, _measured(scope, with_usage=figures.with_usage))]
    cells = joins(scope, (*query.group_by, *figures.numbers, *figures.values_of)) + cells
    among, met = Sql(scope.alias), where(query.where, scope)
    if scope is OF_SPANS and figures.with_usage:
        among, met = _counted(met), TRUE
    selected = "SELECT " + join(", ", listed) + " FROM " + among + cells + " WHERE " + met
    if parts.columns:
        selected = "SELECT *, " + join(", ", [*keys, *numbers, *values]) + " FROM (" + selected + ")"
    for number, ref in enumerate(query.group_by):
        if ref.is_many:  # one row per value
            selected = f"SELECT * EXCLUDE (many{number}), unnest(many{number}) AS k{number} FROM (" + selected + ")"
    return selected


def _value(ref: FieldRef, scope: Scope, parts: Parts) -> Sql:
    return json_of(ref, scope, parts) if ref.is_many else Sql(parts.named(text_of(ref, scope)))


def _number(ref: FieldRef, scope: Scope, parts: Parts) -> Sql:
    if isinstance(ref.target, Attribute):
        return numbers_of(ref.target, scope, parts)
    return Sql(parts.named(number_of(scope.column(ref.target))))


def _key(number: int, ref: FieldRef, scope: Scope, parts: Parts) -> Sql:
    if ref.is_many:
        return each_text_of(ref, scope, parts, or_null=True) + f" AS many{number}"
    return Sql(f"{parts.named(text_of(ref, scope))} AS k{number}")


def _measured(scope: Scope, *, with_usage: bool) -> Iterator[str]:
    of_spans = scope is OF_SPANS
    if not of_spans and not scope.is_of_traces:
        yield f"{scope.column('trace_id')} AS trace_id, FALSE AS failed, NULL::DOUBLE AS duration_ms"
        return
    yield f"{scope.column('trace_id')} AS trace_id"
    yield f"{scope.column('duration_ms')} AS duration_ms"
    yield (f"{scope.column('status')} = 'ERROR'" if of_spans else scope.column("has_error")) + " AS failed"
    if with_usage:
        yield from (f"{scope.column(name)} AS {name}" for name in _USAGE)
        yield from (f"{scope.column(name) if of_spans else 'NULL'} AS {name}" for name in _OF_SPANS_ALONE)
        tokens, cost = (f"{scope.column(name)} IS NOT NULL" for name in ("total_tokens", "cost_usd"))
        yield from (
            ("speaks", "charges", "priced")
            if of_spans
            else (
                f"{tokens} AS speaks",
                f"{cost} AS charges",
                f"{cost} AS priced",
            )
        )


def _bucket(edges: tuple[int, ...], scope: Scope) -> tuple[Sql, Sql]:
    """Return the SQL of a row's bucket number, and the join that it needs.

    Buckets of different lengths are looked up by the largest step that divides all of them.
    """
    if not edges:
        return Sql("0"), Sql("")
    lengths = [end - start for start, end in pairwise(edges)]
    step, began = gcd(*lengths), f"epoch_ns({scope.column('started_at')})"
    origin = "?" if edges[-1] - edges[0] < 2**63 else "?::HUGEINT"
    cell = Sql(f"({began} - {origin}) // ?", (edges[0], step))
    if len(set(lengths)) == 1:
        return cell, Sql("")
    if sum(lengths) // step <= _MOST_CELLS:
        buckets = [bucket for bucket, length in enumerate(lengths) for _ in range(length // step)]
        table = Sql("(SELECT unnest(range(?)) AS cell, unnest(?::INTEGER[]) AS bucket) cells", (len(buckets), buckets))
        return Sql("cells.bucket"), " JOIN " + table + " ON cells.cell = " + cell
    starts = list(edges[:-1])
    table = Sql("(SELECT unnest(?::HUGEINT[]) AS start, unnest(range(?)) AS bucket) starts", (starts, len(starts)))
    return Sql("starts.bucket"), " ASOF JOIN " + table + f" ON {began}::HUGEINT >= starts.start"


def _counted(met: Sql) -> Sql:
    """Return the matching spans with the part of their usage that counts; few spans have any."""
    met = "(" + met + ")"
    silent = "SELECT spans.*, FALSE AS counts, FALSE AS speaks, FALSE AS charges, FALSE AS priced FROM spans"
    return "(" + silent + " WHERE usage_start IS NULL AND " + met + f" UNION ALL {_COUNTED}" + met + _BEFORE + ") spans"
