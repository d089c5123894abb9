"""How the store is."""

from dataclasses import dataclass

from spanwell.observability.questions.conditions import ALWAYS

from .selection import Info


@dataclass(frozen=True)
class StorageState:
    """What `Storage` shows."""

    bytes: int
    used: int
    free: int | None
    oldest: int | None
    newest: int | None


async def storage(info: Info) -> StorageState:
    store = info.context.storage
    size = await store.get_size()
    oldest, newest = await store.span_stretch(ALWAYS) or (None, None)
    return StorageState(size.total, size.used, size.free, oldest, newest)
