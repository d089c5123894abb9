"""What clients may want to know of the server that they speak to."""

import strawberry

from spanwell.graphql.basics.enums import Scope


@strawberry.type
class ServerLimits:
    """Limits of a single request."""

    batch_spans: int = strawberry.field(description="Spans, or updates, in one batch.")
    span_bytes: int = strawberry.field(description="Size of one span in bytes.")
    page_size: int = strawberry.field(description="Items on one page of a list.")
    trace_page_size: int = strawberry.field(description="Spans on one page within a trace.")


@strawberry.type(name="Server")
class ServerType:
    """The server's version, features and limits."""

    version: str = strawberry.field(description="Version of Spanwell.")
    features: list[str] = strawberry.field(
        description="Features added since the first version, by name, such as `batch.onInvalid`; names are never "
        "removed."
    )
    scopes: list[Scope] = strawberry.field(
        description="What the caller may do, by its token; on a read-only server at most `READ`."
    )
    limits: ServerLimits = strawberry.field(description="Limits of a single request.")
