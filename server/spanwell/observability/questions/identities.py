"""Comparisons with ids in any usual form: upper case, with a UUID's dashes, or 16 digits of 32."""

from spanwell.observability.model.identifiers import ASKED_IDENTIFIERS, beginnings_of_identifiers, parts_of_identifiers

from .conditions import AnyOf, Compare, Condition, Op

_WHOLE = frozenset({Op.EQ, Op.GT, Op.GTE, Op.LT, Op.LTE})
_PARTS = frozenset({Op.CONTAINS, Op.ENDS_WITH, Op.I_CONTAINS})


def compare_identifier(column: str, op: Op, value: object) -> Condition:
    """Return a comparison of a column of ids: whole ids are normalised, parts of ids are compared in every form."""
    read = ASKED_IDENTIFIERS[column]
    if isinstance(value, tuple):
        return Compare(column, op, tuple(map(read, value)))
    if not isinstance(value, str) or op is Op.REGEX:
        return Compare(column, op, value)
    if op in _WHOLE:
        return Compare(column, op, read(value))
    forms = parts_of_identifiers(value) if op in _PARTS else beginnings_of_identifiers(value)
    compared = tuple(Compare(column, op, form) for form in forms)
    return compared[0] if len(compared) == 1 else AnyOf(compared)
