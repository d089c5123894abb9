"""Measures that groups of statistics are ordered and tested by."""

from collections.abc import Iterator, Mapping
from enum import Enum
from types import MappingProxyType
from typing import TypeAlias

import strawberry

from spanwell.graphql.basics.derive import UNSET
from spanwell.graphql.basics.enums import Level, SortDirection
from spanwell.observability.model.columns import Kind
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.questions.conditions import Attribute, Compare, Not
from spanwell.observability.questions.fields import FieldRef
from spanwell.observability.questions.statistics import (
    Basic,
    Distinct,
    Figure,
    Having,
    Measure,
    Measured,
    Quantile,
    RankKey,
)
from spanwell.observability.statistics.answers import Source

from .logic import note_used
from .operators import NumberFilter
from .typed_tests import TypedTest

_value = strawberry.enum_value


@strawberry.enum
class StatsMeasure(Enum):
    """Measures that groups can be ordered by."""

    COUNT = _value("COUNT", description="Number of items.")
    RATE = _value("RATE", description="Number per second.")
    ERROR_COUNT = _value("ERROR_COUNT", description="Number of failures.")
    ERROR_RATE = _value("ERROR_RATE", description="Share that failed.")
    DURATION_AVG = _value("DURATION_AVG", description="Mean duration.")
    DURATION_MIN = _value("DURATION_MIN", description="Shortest duration.")
    DURATION_MAX = _value("DURATION_MAX", description="Longest duration.")
    DURATION_P50 = _value("DURATION_P50", description="Median duration.")
    DURATION_P90 = _value("DURATION_P90", description="90th percentile of the durations.")
    DURATION_P95 = _value("DURATION_P95", description="95th percentile of the durations.")
    DURATION_P99 = _value("DURATION_P99", description="99th percentile of the durations.")
    INPUT_TOKENS = _value("INPUT_TOKENS", description="Input tokens.")
    OUTPUT_TOKENS = _value("OUTPUT_TOKENS", description="Output tokens.")
    TOTAL_TOKENS = _value("TOTAL_TOKENS", description="Total tokens.")
    COST = _value("COST", description="Cost in US dollars.")
    TRACE_COUNT = _value("TRACE_COUNT", description="Number of traces.")
    KEY = _value("KEY", description="The group keys themselves, by Unicode code point.")


_FIGURES: Mapping[StatsMeasure, Figure | None] = MappingProxyType(
    {
        StatsMeasure.RATE: Basic.COUNT,
        StatsMeasure.DURATION_P50: Quantile(0.5),
        StatsMeasure.DURATION_P90: Quantile(0.9),
        StatsMeasure.DURATION_P95: Quantile(0.95),
        StatsMeasure.DURATION_P99: Quantile(0.99),
        StatsMeasure.KEY: None,
    }
)
"""Those that are not a basic figure of the same name."""


@strawberry.enum
class AssessmentMeasure(Enum):
    """Measures that groups of scores or feedback can be ordered by."""

    COUNT = _value("COUNT", description="Number of items.")
    TRACE_COUNT = _value("TRACE_COUNT", description="Number of traces that they belong to.")
    AVG = _value("AVG", description="The mean value.")
    MIN = _value("MIN", description="The smallest value.")
    MAX = _value("MAX", description="The largest value.")
    TRUE_SHARE = _value("TRUE_SHARE", description="Share of boolean values that are true.")
    KEY = _value("KEY", description="The group keys themselves, by Unicode code point.")


_VALUE, _BOOLEAN = FieldRef("value", Kind.NUMBER), FieldRef("boolean_value", Kind.FLAG)
_OF_ASSESSMENTS: Mapping[AssessmentMeasure, Figure | None] = MappingProxyType(
    {
        AssessmentMeasure.COUNT: Basic.COUNT,
        AssessmentMeasure.TRACE_COUNT: Basic.TRACE_COUNT,
        AssessmentMeasure.AVG: Measured(_VALUE, Measure.AVG),
        AssessmentMeasure.MIN: Measured(_VALUE, Measure.MIN),
        AssessmentMeasure.MAX: Measured(_VALUE, Measure.MAX),
        AssessmentMeasure.TRUE_SHARE: Measured(_BOOLEAN, Measure.AVG),
        AssessmentMeasure.KEY: None,
    }
)


@strawberry.enum
class FieldFigure(Enum):
    """Figures of the values of a field in a group."""

    COUNT = _value("COUNT", description="Number of numbers.")
    SUM = _value("SUM", description="The sum of the numbers.")
    AVG = _value("AVG", description="The mean of the numbers.")
    MIN = _value("MIN", description="The smallest number.")
    MAX = _value("MAX", description="The largest number.")
    P50 = _value("P50", description="The median of the numbers.")
    P90 = _value("P90", description="The 90th percentile of the numbers.")
    P95 = _value("P95", description="The 95th percentile of the numbers.")
    P99 = _value("P99", description="The 99th percentile of the numbers.")
    COUNT_DISTINCT = _value(
        "COUNT_DISTINCT", description="Number of distinct values; each element of a list counts as one."
    )


_OF_NUMBERS: Mapping[FieldFigure, Measure | Quantile] = MappingProxyType(
    {
        FieldFigure.COUNT: Measure.COUNT,
        FieldFigure.SUM: Measure.SUM,
        FieldFigure.AVG: Measure.AVG,
        FieldFigure.MIN: Measure.MIN,
        FieldFigure.MAX: Measure.MAX,
        FieldFigure.P50: Quantile(0.5),
        FieldFigure.P90: Quantile(0.9),
        FieldFigure.P95: Quantile(0.95),
        FieldFigure.P99: Quantile(0.99),
    }
)


def numbers_in(source: Source, element: str, field: str, level: Level | None = None, *, coerce: bool) -> FieldRef:
    """Return a field with only its numbers, and note that for warnings. Raises `InvalidInput` about `field`."""
    numbers = source.known(field, level).numeric(lenient=coerce)
    if isinstance(numbers.target, Attribute):
        whose = None if numbers.of else source.kind
        note_used(element, TypedTest(element, field, numbers.target, whose, is_measure=True))
    return numbers


@strawberry.input
class FieldMeasure:
    """A figure of any field or attribute, as `numbers` and `countDistinct` of a row compute it."""

    field: str = strawberry.field(
        description="Name of the field, such as `totalTokens`; with a `level`, an attribute key as in "
        "`AttributeFilter`."
    )
    figure: FieldFigure = strawberry.field(description="The figure of its values.")
    level: Level | None = strawberry.field(description="Where the attribute is looked up.", default=UNSET)
    coerce: bool = strawberry.field(
        description="Whether text in the attribute that is written like a number counts as one.", default=False
    )

    def to_figure(self, source: Source, element: str) -> Figure:
        """Return the figure. Raises `InvalidInput`."""
        figure, level = _OF_NUMBERS.get(self.figure), level_of(self.level)
        if figure is None:
            return Distinct(source.known(self.field, level))
        return Measured(numbers_in(source, element, self.field, level, coerce=self.coerce), figure)


def level_of(level: object) -> Level | None:
    """Return a level that is given, or None."""
    return level if isinstance(level, Level) else None


_Measure: TypeAlias = StatsMeasure | AssessmentMeasure | None
_OF = "The figure of a field, instead of a `measure`."


def _figure(measure: _Measure, of: FieldMeasure | None, source: Source, element: str) -> Figure | None:
    """Return the figure that is named in one of two ways; None for the group keys. Raises `InvalidInput`."""
    if isinstance(of, FieldMeasure) is isinstance(measure, Enum):
        raise InvalidInput("needs either `measure` or `of`, and not both")
    if isinstance(measure, AssessmentMeasure):
        return _OF_ASSESSMENTS[measure]
    if isinstance(measure, StatsMeasure):
        return _FIGURES[measure] if measure in _FIGURES else Basic[measure.name]
    return _of_field(of, source, element)


def _of_field(of: FieldMeasure | None, source: Source, element: str) -> Figure | None:
    try:
        return of.to_figure(source, f"{element}.of") if of else None
    except InvalidInput as error:
        raise error.within("of") from None


def _rank(asked: "StatsOrder | AssessmentStatsOrder", source: Source, element: str) -> RankKey:
    return RankKey(_figure(asked.measure, asked.of, source, element), asked.direction is SortDirection.DESC)


def _having(asked: "StatsHaving | AssessmentStatsHaving", source: Source, element: str) -> Iterator[Having]:
    figure = None if asked.measure is StatsMeasure.RATE else _figure(asked.measure, asked.of, source, element)
    if figure is None:
        raise InvalidInput("cannot be tested", "measure")
    for condition in asked.is_.conditions("figure"):
        met = condition.part if isinstance(condition, Not) else condition
        if isinstance(met, Compare):
            yield Having(figure, met.op, met.value, isinstance(condition, Not))


@strawberry.input
class StatsOrder:
    """A sort key for groups: a `measure`, or the figure `of` a field. Groups without a value always come last."""

    measure: StatsMeasure | None = strawberry.field(
        description="Measure to order by, over the whole time range.", default=UNSET
    )
    of: FieldMeasure | None = strawberry.field(description=_OF, default=UNSET)
    direction: SortDirection = strawberry.field(description="Sort direction.", default=SortDirection.DESC)

    to_key = _rank


@strawberry.input
class StatsHaving:
    """A condition on a `measure` of a group, or on the figure `of` a field, over the whole time range."""

    is_: NumberFilter = strawberry.field(name="is", description="The condition, such as `{gte: 100}`.")
    measure: StatsMeasure | None = strawberry.field(
        description="The measure to test; any but `KEY` and `RATE` (test `COUNT` instead).", default=UNSET
    )
    of: FieldMeasure | None = strawberry.field(description=_OF, default=UNSET)

    to_having = _having


@strawberry.input
class AssessmentStatsOrder:
    """A sort key for groups of scores or feedback: a `measure`, or the figure `of` a field.

    Groups without a value always come last.
    """

    measure: AssessmentMeasure | None = strawberry.field(
        description="Measure to order by, over the whole time range.", default=UNSET
    )
    of: FieldMeasure | None = strawberry.field(description=_OF, default=UNSET)
    direction: SortDirection = strawberry.field(description="Sort direction.", default=SortDirection.DESC)

    to_key = _rank


@strawberry.input
class AssessmentStatsHaving:
    """A condition on a `measure` of a group of scores or feedback, or on the figure `of` a field."""

    is_: NumberFilter = strawberry.field(name="is", description="The condition, such as `{lt: 0.5}`.")
    measure: AssessmentMeasure | None = strawberry.field(
        description="The measure to test, over the whole time range; any but `KEY`.", default=UNSET
    )
    of: FieldMeasure | None = strawberry.field(description=_OF, default=UNSET)

    to_having = _having
