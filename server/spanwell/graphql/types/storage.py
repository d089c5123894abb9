"""The store itself as clients see it."""

import strawberry

from spanwell.observability.backups import Backup
from spanwell.observability.model.columns import Nanos


@strawberry.type(name="Storage")
class StorageType:
    """Size of the store, and the time range it covers."""

    bytes: float = strawberry.field(description="Size of its files in bytes; 0 for an in-memory store.")
    used: float = strawberry.field(
        description="Bytes in use; the rest is reused by later writes or returned over time."
    )
    free: float | None = strawberry.field(description="Free bytes on its disk; null for an in-memory store.")
    oldest: Nanos | None = strawberry.field(description="Start of its earliest span; null if there are no spans.")
    newest: Nanos | None = strawberry.field(description="Start of its latest span; null if there are no spans.")


def _bytes(made: strawberry.Parent[Backup]) -> float:
    return made.size


@strawberry.type
class BackupPayload:
    """The backup that was made."""

    name: str = strawberry.field(description="File name in the server's backup folder.")
    bytes: float = strawberry.field(resolver=_bytes, description="Size in bytes.")
