"""All questions."""

from collections.abc import Iterator

from .case import Case, Cursor, rows
from .explaining import EXPLAINING
from .figures import FIGURES
from .filters import FILTERS
from .lists import LISTS
from .traces import traces


def cases(cursor: Cursor) -> Iterator[Case]:
    """Yield the questions to a store, after one that asks for nothing."""
    yield Case("nothing", "{ __typename }", lambda _: {"__typename": "Query"})
    yield from FILTERS
    yield from FIGURES
    yield from LISTS
    (base,), (other,) = rows(cursor, "SELECT trace_id FROM traces ORDER BY span_count DESC, trace_id LIMIT 2")
    yield from traces(base, other)
    yield from EXPLAINING
