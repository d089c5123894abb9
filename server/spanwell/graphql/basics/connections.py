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
    """An item of a list and its cursor."""

    node: R
    order: Order
    bound_to: bytes

    @property
    def cursor(self) -> str:
        """The record's place, as a client keeps it."""
        return encode_cursor(position(self.node, self.order), self.bound_to)


@dataclass(frozen=True)
class Connected(Generic[R]):
    """A page of a list as a connection; what cursors are bound to, and the total, are only worked out when selected."""

    page: Page[R]
    order: Order
    bound_to: Callable[[], bytes]
    count: Callable[[], Awaitable[int]]

    @property
    def nodes(self) -> list[R]:
        """The page's items."""
        return self.page.nodes

    @property
    def edges(self) -> list[EdgeOf[R]]:
        """The page's items with their cursors."""
        bound_to = self.bound_to()
        return [EdgeOf(node, self.order, bound_to) for node in self.page.nodes]

    @property
    def page_info(self) -> Connected[R]:
        """What there is on either side of the page."""
        return self

    @property
    def has_next_page(self) -> bool:
        """Whether there are items after this page."""
        return self.page.has_next

    @property
    def has_previous_page(self) -> bool:
        """Whether there are items before this page."""
        return self.page.has_previous

    @property
    def start_cursor(self) -> str | None:
        """The place of the first record."""
        return self._cursor(0)

    @property
    def end_cursor(self) -> str | None:
        """The place of the last record."""
        return self._cursor(-1)

    def _cursor(self, index: int) -> str | None:
        nodes = self.page.nodes
        return EdgeOf(nodes[index], self.order, self.bound_to()).cursor if nodes else None


@strawberry.type
class PageInfo:
    """Information about a page of a list."""

    has_next_page: bool = strawberry.field(description="Whether there are items after this page.")
    has_previous_page: bool = strawberry.field(description="Whether there are items before this page.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first item; null if the page is empty.")
    end_cursor: str | None = strawberry.field(
        description="Cursor of the last item, for `after` of the next page; null if the page is empty."
    )


async def _total(connection: strawberry.Parent[Connected[Any]]) -> int:
    return await connection.count()


@strawberry.type
class Edge(Generic[N]):
    """An item of a list and its cursor."""

    cursor: str = strawberry.field(description="Cursor of the item, for `after` or `before`.")
    node: N = strawberry.field(description="The item.")


@strawberry.type
class Connection(Generic[N]):
    """A page of a list (Relay connection)."""

    edges: list[Edge[N]] = strawberry.field(description="The page's items with their cursors.")
    nodes: list[N] = strawberry.field(description="The page's items.")
    page_info: PageInfo = strawberry.field(description="Information about the page.")
    total_count: int = answered_by(_total, "Exact number of items in the whole list; counted only when selected.")
