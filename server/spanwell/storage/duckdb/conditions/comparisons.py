"""Compiles comparisons: of a column, of an attribute, or of a row count."""

from spanwell.observability.model.columns import Kind
from spanwell.observability.questions.conditions import Attribute, Compare, Op

from .attributes import compare_attribute
from .operators import test
from .scopes import Scope
from .sql import Sql


def compare(scope: Scope, comparison: Compare) -> Sql:
    """Return the test of a column or an attribute."""
    column, op, value = comparison.column, comparison.op, comparison.value
    if isinstance(column, Attribute):
        return compare_attribute(scope.document(column), column, op, value)
    kind = scope.columns[column].column.kind
    text = scope.column(column)
    return test(Sql(f"substr({text}, {comparison.skipped + 1})" if comparison.skipped else text), kind, op, value)


def compare_count(op: Op, value: int | tuple[int, ...]) -> Sql:
    """Return the test of a group's row count."""
    return test(Sql("count(*)"), Kind.INT, op, value)
