"""Executes an event once for all subscriptions with the same query.

Their documents, operations and variables must be equal, except for a variable that only says where to resume. Equal
events are the same event.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from graphql import SKIP, DocumentNode, FieldNode, OperationDefinitionNode, VariableNode, Visitor, VisitorAction, visit

T = TypeVar("T")

_RESUMES = "after"
"""The argument of a subscribed field that does not affect the responses to its events."""


_LASTS = 1.0
"""Seconds for which a response is cached: it may contain other records too, and these change."""


class Shared(Generic[T]):
    """Values that are computed once for all callers within a moment, up to a total size.

    A value whose size is None is shared only with the callers that wait for it.
    """

    def __init__(self, size_of: Callable[[T], int | None], room: int) -> None:
        self._size_of = size_of
        self._room = room
        self._values: dict[Hashable, T] = {}
        self._pending: dict[Hashable, asyncio.Future[T]] = {}

    async def get(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """Return the value of a key. Raises any error of computing it."""
        if key in self._values:
            return self._values[key]
        pending = self._pending.get(key)
        if pending is None:
            pending = self._pending[key] = asyncio.ensure_future(make())
            pending.add_done_callback(lambda made: self._finish(key, made))
        return await asyncio.shield(pending)

    def _finish(self, key: Hashable, made: asyncio.Future[T]) -> None:
        del self._pending[key]
        if made.cancelled() or made.exception() is not None:
            return
        size = self._size_of(made.result())
        if size is not None and size <= self._room:
            self._room -= size
            self._values[key] = made.result()
            asyncio.get_running_loop().call_later(_LASTS, self._forget, key, size)

    def _forget(self, key: Hashable, size: int) -> None:
        del self._values[key]
        self._room += size


def sharing_key(document: DocumentNode, operation: OperationDefinitionNode, values: Mapping[str, Any]) -> Hashable:
    """Return a key that is equal for operations whose events have the same responses."""
    uses = _Uses()
    visit(document, uses)
    only_resumes = {name for name in _resuming(operation) if uses.of[name] == 1}
    name = operation.name.value if operation.name else None
    return name, repr(sorted((name, value) for name, value in values.items() if name not in only_resumes))


def _resuming(operation: OperationDefinitionNode) -> Iterator[str]:
    for field in operation.selection_set.selections:
        for argument in field.arguments or () if isinstance(field, FieldNode) else ():
            if argument.name.value == _RESUMES and isinstance(argument.value, VariableNode):
                yield argument.value.name.value


class _Uses(Visitor):
    """Counts where each variable is used."""

    def __init__(self) -> None:
        super().__init__()
        self.of = Counter[str]()

    def enter_variable_definition(self, *_: object) -> VisitorAction:
        return SKIP

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        self.of[node.name.value] += 1
