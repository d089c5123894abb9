"""Parts of lists that are read column by column: a column of a thousand records is one call."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any

from typing_extensions import override

from .columns import ColumnDef, Kind
from .record import Listed, column_value


def has_documents(columns: Iterable[ColumnDef]) -> bool:
    """Return whether some of the columns are JSON."""
    return any(column.kind is Kind.JSON for column in columns)


class Block(ABC):
    """A part of a list."""

    @abstractmethod
    def __len__(self) -> int:
        """Return the number of records."""

    @abstractmethod
    def records(self) -> Sequence[Listed]:
        """Return the records."""

    @abstractmethod
    def values(self, column: str) -> list[Any]:
        """Return the values of a column; for traces their own, or else their heads'. Those of enums may be text."""

    @abstractmethod
    def arrow(self, column: str) -> Any:
        """Return the values of a column as an Arrow array, times as nanoseconds; None if they have to be built."""

    @abstractmethod
    def part(self, start: int, length: int) -> "Block":
        """Return some of the records."""


class RecordBlock(Block):
    """A block of records that a store has as such."""

    def __init__(self, records: Sequence[Listed]) -> None:
        self._records = records

    @override
    def __len__(self) -> int:
        return len(self._records)

    @override
    def records(self) -> Sequence[Listed]:
        return self._records

    @override
    def values(self, column: str) -> list[Any]:
        return [column_value(record, column) for record in self._records]

    @override
    def arrow(self, column: str) -> None:
        return None

    @override
    def part(self, start: int, length: int) -> "RecordBlock":
        return RecordBlock(self._records[start : start + length])
