"""What many subscriptions ask alike is answered once: an event's answer is made for the first of them.

Two subscriptions ask alike if their documents are the same, and their operations, and the values of their variables,
but for one that only says where to resume. Events that are equal are the same event.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from graphql import SKIP, DocumentNode, FieldNode, OperationDefinitionNode, VariableNode, Visitor, VisitorAction, visit

T = TypeVar("T")

_RESUMES = "after"
"""The argument of a subscribed field that has no part in what its events are answered with."""


_LASTS = 1.0
"""Seconds for which an answer is kept: it may speak of other records too, which go on changing."""


class Shared(Generic[T]):
    """Values that are made once for all who ask for them within a moment, while there is room for their sizes.

    A value whose size is None is only shared by those who ask while it is made.
    """

    def __init__(self, size_of: Callable[[T], int | None], room: int) -> None:
        self._size_of = size_of
        self._room = room
        self._kept: dict[Hashable, T] = {}
        self._making: dict[Hashable, asyncio.Future[T]] = {}

    async def get(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """Return the value of a key. Raises what making it raises."""
        if key in self._kept:
            return self._kept[key]
        making = self._making.get(key)
        if making is None:
            making = self._making[key] = asyncio.ensure_future(make())
            making.add_done_callback(lambda made: self._finish(key, made))
        return await asyncio.shield(making)

    def _finish(self, key: Hashable, made: asyncio.Future[T]) -> None:
        del self._making[key]
        if made.cancelled() or made.exception() is not None:
            return
        size = self._size_of(made.result())
        if size is not None and size <= self._room:
            self._room -= size
            self._kept[key] = made.result()
            asyncio.get_running_loop().call_later(_LASTS, self._forget, key, size)

    def _forget(self, key: Hashable, size: int) -> None:
        del self._kept[key]
        self._room += size


def asked_alike(document: DocumentNode, operation: OperationDefinitionNode, values: Mapping[str, Any]) -> Hashable:
    """Return what is equal for those operations of a document whose events are answered alike."""
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
