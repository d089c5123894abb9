"""The store itself as clients see it."""

import strawberry

from spanwell.observability.backups import Backup
from spanwell.observability.model.columns import Nanos


@strawberry.type(name="Storage")
class StorageType:
    """The store: how much room it takes, and what it reaches back to."""

    bytes: float = strawberry.field(description="The bytes of its files; 0 of a store in memory.")
    used: float = strawberry.field(
        description="Those of them that hold something; the rest is taken by what comes next, or given back in time."
    )
    free: float | None = strawberry.field(description="The bytes that are left on its disk; null of a store in memory.")
    oldest: Nanos | None = strawberry.field(description="When the first of its spans began; null if there are none.")
    newest: Nanos | None = strawberry.field(description="When the last of its spans began; null if there are none.")


def _bytes(made: strawberry.Parent[Backup]) -> float:
    return made.size


@strawberry.type
class BackupPayload:
    """A copy of the store that was made."""

    name: str = strawberry.field(description="Its file's name in the server's folder of backups.")
    bytes: float = strawberry.field(resolver=_bytes, description="Its bytes.")
