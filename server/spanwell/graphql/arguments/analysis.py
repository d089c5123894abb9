"""The arguments of explanations and comparisons, and the questions they make."""

from typing import Annotated, TypeAlias

import strawberry

from spanwell.observability.model.errors import InvalidInput

from .filters import SpanFilter

LARGEST_GROUPS = 1_000
_described = strawberry.argument

FirstErrors: TypeAlias = Annotated[
    int, _described(description="At most so many groups, the most frequent first. At most 1,000.")
]
TrendBuckets: TypeAlias = Annotated[
    int,
    _described(description="Into how many equal buckets the time from the first to the last failure is cut; 1 to 200."),
]
MaxDepth: TypeAlias = Annotated[int, _described(description="How many names a path may have; from 1 to 100.")]
FirstPaths: TypeAlias = Annotated[
    int, _described(description="At most so many paths: those that took longest, with all above them. At most 10,000.")
]
SelectedSpans: TypeAlias = Annotated[SpanFilter, _described(description="Which spans are to be explained.")]
BaselineSpans: TypeAlias = Annotated[
    SpanFilter | None,
    _described(
        description="Which spans they are compared with, all others if left out. What meets both is in the selection."
    ),
]
FirstDifferences: TypeAlias = Annotated[
    int, _described(description="At most so many fields, those that differ most first. At most 1,000.")
]
BaseTrace: TypeAlias = Annotated[strawberry.ID, _described(description="The id of the trace to compare with.")]
OtherTrace: TypeAlias = Annotated[strawberry.ID, _described(description="The id of the trace that is compared.")]
MaxLines: TypeAlias = Annotated[int, _described(description="How many lines it may have; from 1 to 1,000.")]
FoldSimilar: TypeAlias = Annotated[
    bool, _described(description="Whether neighbouring siblings that look alike share a line.")
]
KeepAncestors: TypeAlias = Annotated[
    bool,
    _described(description="Whether the spans above those that meet the filter are kept too, so that they form trees."),
]


def within(value: int, least: int, most: int, name: str) -> int:
    """Return a number that has to lie between two others. Raises `InvalidInput` naming the argument."""
    if not least <= value <= most:
        raise InvalidInput(f"must be between {least} and {most:,}", name)
    return value
