"""Builds the SELECT statements that walk the tree of a trace by places in pre-order.

A span's depth needs no column: it is the number of spans before it in pre-order, minus the number of those whose last
descendant also comes before it. For a few spans, an ASOF join counts these, each at the next of the few.
"""

from collections.abc import Sequence

from spanwell.observability.model.span import SpanKey
from spanwell.observability.questions.tree_facts import BelowQuery
from spanwell.storage.duckdb.conditions.sql import Sql
from spanwell.storage.duckdb.tables.columns import Stored

from .statements import select_list

_PLACES = "trace_id, span_id, tree_start, tree_end, tree_parent"
_LEVELS = (
    "closed AS (SELECT trace_id, tree_end + 1 AS place, count(*) AS here FROM tree GROUP BY trace_id, tree_end), "
    "levels AS MATERIALIZED (SELECT t.*, tree_start - sum(coalesce(here, 0))"
    " OVER (PARTITION BY t.trace_id ORDER BY tree_start)::INTEGER AS depth"
    " FROM tree t LEFT JOIN closed c ON c.trace_id = t.trace_id AND c.place = t.tree_start)"
)


def _asked(keys: Sequence[SpanKey]) -> Sql:
    ids = [trace_id for trace_id, _ in keys], [span_id for _, span_id in keys]
    return Sql("asked AS (SELECT DISTINCT unnest(?::VARCHAR[]) AS trace_id, unnest(?::VARCHAR[]) AS span_id)", ids)


def surroundings(keys: Sequence[SpanKey], among: Sql) -> Sql:
    """Select trace id, span id, depth, number of children, and self time in nanoseconds of each span."""
    times = "epoch_ns(started_at) AS began, epoch_ns(ended_at) AS ended"
    # Comparing trace ids takes longer than all the rest, and most of the time all keys are of one trace.
    among_traces = "" if len({trace_id for trace_id, _ in keys}) == 1 else "t.trace_id = p.trace_id AND "
    return (
        "WITH "
        + _asked(keys)
        + f", tree AS MATERIALIZED (SELECT {_PLACES}, {times} FROM spans WHERE "
        + among
        + "), placed AS MATERIALIZED (SELECT * FROM tree SEMI JOIN asked USING (trace_id, span_id)), "
        "closed AS (SELECT p.trace_id, p.tree_start, count(*) AS here FROM tree t"
        f" ASOF JOIN placed p ON {among_traces}t.tree_end < p.tree_start GROUP BY ALL), "
        "children AS (SELECT p.trace_id, p.tree_start, greatest(c.began, p.began) AS since,"
        " least(coalesce(c.ended, p.ended), p.ended) AS until"
        " FROM placed p JOIN tree c ON c.trace_id = p.trace_id AND c.tree_parent = p.tree_start), "
        "stretches AS (SELECT *, max(until) OVER (PARTITION BY trace_id, tree_start ORDER BY since"
        " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy_until FROM children), "
        "sums AS (SELECT trace_id, tree_start, count(*) AS child_count,"
        " sum(greatest(0, until - greatest(since, coalesce(busy_until, since)))) AS busy"
        " FROM stretches GROUP BY trace_id, tree_start) "
        "SELECT trace_id, span_id, tree_start - sum(coalesce(here, 0))"
        " OVER (PARTITION BY trace_id ORDER BY tree_start)::INTEGER, coalesce(child_count, 0),"
        " CASE WHEN ended IS NOT NULL THEN greatest(0, ended - began) - coalesce(busy, 0) END"
        " FROM placed LEFT JOIN sums USING (trace_id, tree_start) LEFT JOIN closed USING (trace_id, tree_start)"
    )


def below(keys: Sequence[SpanKey], among: Sql, query: BelowQuery, columns: Sequence[Stored]) -> Sql:
    """Select a page of each span's descendants, in pre-order; the first column is that span's id."""
    after = ""
    bound: tuple[str, ...] = ()
    if query.after is not None:
        after = (
            " WHERE b.tree_start > (SELECT t.tree_start FROM tree t WHERE t.trace_id = b.trace_id AND t.span_id = ?)"
        )
        bound = (query.after,)
    page = (
        "page AS (SELECT b.trace_id, b.above, b.span_id, row_number() OVER"
        f" (PARTITION BY b.trace_id, b.above ORDER BY b.tree_start) AS place FROM below b{after}"
        f" QUALIFY place <= {query.size + 1})"
    )
    wanted = ", ".join(f'w."{stored.name}"' for stored in columns)
    return (
        _tree(keys, among, query.depth)
        + Sql(f", {page}", bound)
        + f", found AS (SELECT page.above, page.place, {wanted} FROM page"
        " JOIN (SELECT * FROM spans WHERE " + among + ") w USING (trace_id, span_id)) "
        f"SELECT above, {select_list(columns)} FROM found ORDER BY place"
    )


def below_counts(keys: Sequence[SpanKey], among: Sql, depth: int) -> Sql:
    """Count each span's descendants, down to a depth."""
    return _tree(keys, among, depth) + " SELECT trace_id, above, count(*) FROM below GROUP BY trace_id, above"


def _tree(keys: Sequence[SpanKey], among: Sql, depth: int) -> Sql:
    """Return the WITH clause of the tree, and of `below`: the descendants of each key's span."""
    if depth == 1:
        levels, link = "levels AS (SELECT * FROM tree)", "b.tree_parent = p.tree_start"
    else:
        levels = _LEVELS
        link = f"b.tree_start > p.tree_start AND b.tree_start <= p.tree_end AND b.depth <= p.depth + {depth}"
    return (
        "WITH "
        + _asked(keys)
        + f", tree AS MATERIALIZED (SELECT {_PLACES} FROM spans WHERE "
        + among
        + f"), {levels}, "
        "parents AS MATERIALIZED (SELECT * FROM levels SEMI JOIN asked USING (trace_id, span_id)), "
        f"below AS (SELECT b.*, p.span_id AS above FROM parents p JOIN levels b ON b.trace_id = p.trace_id AND {link})"
    )
