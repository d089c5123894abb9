"""The rules of a valid document, those that cannot say anything of it left out: most of them look at every node."""

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
"""Asked first of a document that has fragments, so that all else can trust that they form a small tree."""

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
    """Return the rules that a document may break whose fragments, if it has any, have been looked at."""
    pointless = {rule for characters, rules in _ABOUT.items() if characters not in text for rule in rules}
    rules = tuple(rule for rule in RULES if rule not in pointless)
    return rules if introspection else (*rules, NoSchemaIntrospectionCustomRule)
