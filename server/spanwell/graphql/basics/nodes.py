"""What every record has in common, and how fields are declared."""

from collections.abc import Callable
from typing import Any

import strawberry


def answered_by(resolver: Callable[..., Any], description: str) -> Any:
    """Return a field whose resolver gives the record that the annotated type reads."""
    return strawberry.field(resolver=resolver, description=description)


def followed_by(resolver: Callable[..., Any], description: str) -> Any:
    """Return a field of the subscriptions, whose resolver yields the records that the annotated type reads."""
    return strawberry.subscription(resolver=resolver, description=description)


@strawberry.interface
class Node:
    """A record with a globally unique id (Relay)."""

    id: strawberry.ID = strawberry.field(description="Global id of the record, for `node(id)` and client caches.")
