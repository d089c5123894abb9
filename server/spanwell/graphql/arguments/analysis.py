"""The arguments of explanations and comparisons, and the queries made from them."""

from typing import Annotated, TypeAlias

import strawberry

from spanwell.observability.model.errors import InvalidInput

from .filters import SpanFilter

LARGEST_GROUPS = 1_000
_described = strawberry.argument

FirstErrors: TypeAlias = Annotated[
    int, _described(description=f"Maximum number of groups, most frequent first. At most {LARGEST_GROUPS:,}.")
]
TrendBuckets: TypeAlias = Annotated[
    int,
    _described(description="Number of equal time buckets between the first and the last failure; 1 to 200."),
]
MaxDepth: TypeAlias = Annotated[int, _described(description="Maximum number of names on a path, from 1 to 100.")]
FirstPaths: TypeAlias = Annotated[
    int,
    _described(
        description="Maximum number of paths: those with the longest total duration, and their ancestors. At most "
        "10,000."
    ),
]
SelectedSpans: TypeAlias = Annotated[SpanFilter, _described(description="The spans to explain.")]
BaselineSpans: TypeAlias = Annotated[
    SpanFilter | None,
    _described(
        description="The spans to compare with; default all others. A span that matches both filters belongs to the "
        "selection."
    ),
]
FirstDifferences: TypeAlias = Annotated[
    int,
    _described(description=f"Maximum number of fields; those that differ most come first. At most {LARGEST_GROUPS:,}."),
]
BaseTrace: TypeAlias = Annotated[strawberry.ID, _described(description="Id of the trace to compare with.")]
OtherTrace: TypeAlias = Annotated[strawberry.ID, _described(description="Id of the trace to compare.")]
MaxLines: TypeAlias = Annotated[int, _described(description="Maximum number of lines, from 1 to 1,000.")]
FoldSimilar: TypeAlias = Annotated[
    bool, _described(description="Whether to fold similar adjacent siblings into one line.")
]
KeepAncestors: TypeAlias = Annotated[
    bool,
    _described(description="Whether to also return the ancestors of matching spans, so that the result forms trees."),
]


def within(value: int, least: int, most: int, name: str) -> int:
    """Return a number that has to lie between two others. Raises `InvalidInput` naming the argument."""
    if not least <= value <= most:
        raise InvalidInput(f"must be between {least} and {most:,}", name)
    return value
