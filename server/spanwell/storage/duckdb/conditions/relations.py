"""Relations between spans (parent, descendants, siblings) as SQL conditions on their places in pre-order.

A span's descendants are those with places after its own up to its `tree_end`; its children those whose `tree_parent` is
its place. `outer` and `inner` are aliases of `spans`, and `met` is the condition on the inner one.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from spanwell.observability.questions.conditions import Relation

from .sql import TRUE, Sql


def _parent(outer: str, inner: str, met: Sql) -> Sql:
    places = f"SELECT {inner}.trace_id, {inner}.tree_start FROM spans {inner} WHERE "
    return f"({outer}.trace_id, {outer}.tree_parent) IN (" + places + met + ")"


def _child(outer: str, inner: str, met: Sql) -> Sql:
    places = f"SELECT {inner}.trace_id, {inner}.tree_parent FROM spans {inner} WHERE "
    return f"({outer}.trace_id, {outer}.tree_start) IN (" + places + met + ")"


def _exists(outer: str, inner: str, link: str, met: Sql) -> Sql:
    same_trace = f"EXISTS (SELECT 1 FROM spans {inner} WHERE {inner}.trace_id = {outer}.trace_id AND "
    return same_trace + link + " AND (" + met + "))"


def _ancestor(outer: str, inner: str, met: Sql) -> Sql:
    link = f"{outer}.tree_start > {inner}.tree_start AND {outer}.tree_start <= {inner}.tree_end"
    return _exists(outer, inner, link, met)


def _descendant(outer: str, inner: str, met: Sql) -> Sql:
    link = f"{inner}.tree_start > {outer}.tree_start AND {inner}.tree_start <= {outer}.tree_end"
    return _exists(outer, inner, link, met)


def _sibling(outer: str, inner: str, met: Sql) -> Sql:
    # A span that was cut from its cycle names a parent but has no place under it, and so no siblings there.
    link = (
        f"{inner}.parent_span_id = {outer}.parent_span_id AND {inner}.span_id <> {outer}.span_id"
        f" AND {inner}.tree_parent IS NOT DISTINCT FROM {outer}.tree_parent"
    )
    return _exists(outer, inner, link, met)


_AT_ALL: Mapping[Relation, str] = MappingProxyType(
    {
        Relation.PARENT: "{outer}.tree_parent IS NOT NULL",
        Relation.ANCESTOR: "{outer}.tree_parent IS NOT NULL",
        Relation.CHILD: "{outer}.tree_end > {outer}.tree_start",
        Relation.DESCENDANT: "{outer}.tree_end > {outer}.tree_start",
    }
)
"""Tests of whether any related span exists, from the span's own places."""


_RELATIONS: Mapping[Relation, Callable[[str, str, Sql], Sql]] = MappingProxyType(
    {
        Relation.PARENT: _parent,
        Relation.ANCESTOR: _ancestor,
        Relation.CHILD: _child,
        Relation.DESCENDANT: _descendant,
        Relation.SIBLING: _sibling,
    }
)


def related(relation: Relation, outer: str, inner: str, met: Sql) -> Sql:
    """Return the SQL condition that some span with this relation to the outer one meets a condition."""
    if met == TRUE and relation in _AT_ALL:
        return Sql(_AT_ALL[relation].format(outer=outer))
    return _RELATIONS[relation](outer, inner, met)
