"""The values that clients sent, read back from the rows built from them."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any

from arro3.core import Array

from spanwell.observability.model.span_batch import SENT
from spanwell.storage.duckdb.tables.columns import ATTRIBUTES, SPANS, Stored
from spanwell.storage.duckdb.tables.shared_text import REPEATED, whole

from .arrow import python_values


class GivenValues(Mapping[str, Sequence[Any]]):
    """Columns of spans by name, each read on first access: rows that are inserted unchanged need none."""

    def __init__(self, spans: Mapping[Stored, Array]) -> None:
        self._arrays = {column.name: spans[SPANS[column.name]] for column in SENT if SPANS[column.name] in spans}
        self._values: dict[str, Sequence[Any]] = {}

    def __getitem__(self, name: str) -> Sequence[Any]:
        values = self._values.get(name)
        if values is None:
            values = self._values[name] = self._whole() if name == ATTRIBUTES else self._stored(name)
        return values

    def _whole(self) -> list[str | None]:
        repeated = (self[name] if name in self._arrays else repeat(None) for name in REPEATED)
        return list(map(whole, self._stored(ATTRIBUTES), *repeated))

    def _stored(self, name: str) -> list[Any]:
        return python_values(SPANS[name].column, self._arrays[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)
