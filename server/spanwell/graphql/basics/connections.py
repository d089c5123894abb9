"""A page of a list as Relay's connection."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import strawberry

from spanwell.graphql.basics.nodes import answered_by
from spanwell.observability.questions.cursors import encode_cursor
from spanwell.observability.questions.ordering import Order, position
from spanwell.observability.questions.queries import Page

R = TypeVar("R")
N = TypeVar("N")


@dataclass(frozen=True)
class EdgeOf(Generic[R]):
    """A record and its place in a list."""

    node: R
    order: Order
    bound_to: bytes

    @property
    def cursor(self) -> str:
        """The record's place, as a client keeps it."""
        return encode_cursor(position(self.node, self.order), self.bound_to)


@dataclass(frozen=True)
class Connected(Generic[R]):
    """A page of a list as a connection; the total is only counted when it is asked for."""

    page: Page[R]
    order: Order
    bound_to: bytes
    count: Callable[[], Awaitable[int]]

    @property
    def nodes(self) -> list[R]:
        """The records of the page."""
        return self.page.nodes

    @property
    def edges(self) -> list[EdgeOf[R]]:
        """The records of the page with their places."""
        return [EdgeOf(node, self.order, self.bound_to) for node in self.page.nodes]

    @property
    def page_info(self) -> Connected[R]:
        """What there is on either side of the page."""
        return self

    @property
    def has_next_page(self) -> bool:
        """Whether there is more after the page."""
        return self.page.has_next

    @property
    def has_previous_page(self) -> bool:
        """Whether there is more before the page."""
        return self.page.has_previous

    @property
    def start_cursor(self) -> str | None:
        """The place of the first record."""
        return self.edges[0].cursor if self.page.nodes else None

    @property
    def end_cursor(self) -> str | None:
        """The place of the last record."""
        return EdgeOf(self.page.nodes[-1], self.order, self.bound_to).cursor if self.page.nodes else None


@strawberry.type
class PageInfo:
    """Where a page lies in its list."""

    has_next_page: bool = strawberry.field(description="Whether there is more after the page.")
    has_previous_page: bool = strawberry.field(description="Whether there is more before the page.")
    start_cursor: str | None = strawberry.field(description="The place of the first record; null if there is none.")
    end_cursor: str | None = strawberry.field(
        description="The place of the last record, to be given as `after` for the next page; null if there is none."
    )


async def _total(connection: strawberry.Parent[Connected[Any]]) -> int:
    return await connection.count()


@strawberry.type
class Edge(Generic[N]):
    """A record and its place in a list."""

    cursor: str = strawberry.field(description="The record's place in the list, to be given as `after` or `before`.")
    node: N = strawberry.field(description="The record.")


@strawberry.type
class Connection(Generic[N]):
    """A page of a list (Relay)."""

    edges: list[Edge[N]] = strawberry.field(description="The records of the page with their places.")
    nodes: list[N] = strawberry.field(description="The records of the page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies in the list.")
    total_count: int = answered_by(_total, "How many there are in all, exactly; counted only when it is selected.")
