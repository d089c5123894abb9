"""What clients may want to know of the server that they speak to."""

import strawberry


@strawberry.type
class ServerLimits:
    """How much one request may hold."""

    batch_spans: int = strawberry.field(description="Spans, or updates, of one batch.")
    span_bytes: int = strawberry.field(description="Bytes of the texts of one span.")
    page_size: int = strawberry.field(description="Records of one page of a list.")
    trace_page_size: int = strawberry.field(description="Spans of one page within a trace.")


@strawberry.type(name="Server")
class ServerType:
    """The server: its version, what it can do, and its limits."""

    version: str = strawberry.field(description="The version of Spanwell.")
    features: list[str] = strawberry.field(
        description="What it can do beyond the first version, by name, such as `batch.onInvalid`; names are only added."
    )
    limits: ServerLimits = strawberry.field(description="How much one request may hold.")
