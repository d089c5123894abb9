"""The validation rules of a document, without those that cannot apply to it: most rules visit every node."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from graphql import (
    ASTValidationRule,
    DeferStreamDirectiveLabel,
    DeferStreamDirectiveOnRootField,
    DeferStreamDirectiveOnValidOperationsRule,
    FragmentsOnCompositeTypesRule,
    KnownDirectivesRule,
    KnownFragmentNamesRule,
    NoFragmentCyclesRule,
    NoSchemaIntrospectionCustomRule,
    NoUndefinedVariablesRule,
    NoUnusedFragmentsRule,
    NoUnusedVariablesRule,
    PossibleFragmentSpreadsRule,
    StreamDirectiveOnListField,
    UniqueDirectivesPerLocationRule,
    UniqueFragmentNamesRule,
    UniqueVariableNamesRule,
    VariablesAreInputTypesRule,
    VariablesInAllowedPositionRule,
    specified_rules,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

Rule: TypeAlias = type[ASTValidationRule]

FRAGMENT_RULES: tuple[Rule, ...] = (
    UniqueFragmentNamesRule,
    KnownFragmentNamesRule,
    NoFragmentCyclesRule,
    NoUnusedFragmentsRule,
)
"""Checked first in a document with fragments, so that everything else can rely on fragments without cycles."""

RULES: tuple[Rule, ...] = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)

_ABOUT: Mapping[str, frozenset[Any]] = {
    "$": frozenset(
        {
            UniqueVariableNamesRule,
            VariablesAreInputTypesRule,
            NoUndefinedVariablesRule,
            NoUnusedVariablesRule,
            VariablesInAllowedPositionRule,
        }
    ),
    "@": frozenset(
        {
            KnownDirectivesRule,
            UniqueDirectivesPerLocationRule,
            DeferStreamDirectiveOnRootField,
            DeferStreamDirectiveOnValidOperationsRule,
            DeferStreamDirectiveLabel,
            StreamDirectiveOnListField,
        }
    ),
    "...": frozenset({*FRAGMENT_RULES, FragmentsOnCompositeTypesRule, PossibleFragmentSpreadsRule}),
}
"""Rules that can only fail if the text contains these characters."""


def rules_for(text: str, *, introspection: bool = True) -> tuple[Rule, ...]:
    """Return the rules that a document may violate after `FRAGMENT_RULES`."""
    irrelevant = {rule for characters, rules in _ABOUT.items() if characters not in text for rule in rules}
    rules = tuple(rule for rule in RULES if rule not in irrelevant)
    return rules if introspection else (*rules, NoSchemaIntrospectionCustomRule)
