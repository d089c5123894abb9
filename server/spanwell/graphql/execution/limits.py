"""Limits the size of a document, measured in one pass before anything else visits it.

Every fragment is measured once, so the work depends on the document and not on its expansion: a hundred fragments that
each spread the next one twice are 2^100 fields, counted in a fraction of a millisecond. This runs before validation,
because some of the standard rules compare fields pairwise.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from spanwell.observability.model.errors import SpanwellError

SATURATED = 10**9
"""Sums stop here; no limit is that high."""

_LEVELS = 100
"""The maximum nesting of selection sets and fragments, so that recursion cannot exhaust the stack."""


class QueryTooComplex(SpanwellError):
    """The query exceeds a limit; the message has the measured size and the limit."""

    code = "QUERY_TOO_COMPLEX"


@dataclass(frozen=True)
class QueryLimits:
    """The limits of an operation; fragments count wherever they are spread.

    `length` is in characters; `cost` is the number of records that the operation can return; `overlaps` is the number
    of pairs of fields with the same response name, which must be compared.
    """

    length: int = 256 * 1024
    tokens: int = 5_000
    operations: int = 50
    depth: int = 20
    fields: int = 2_000
    aliases: int = 100
    directives: int = 50
    root_fields: int = 50
    overlaps: int = 5_000
    cost: int = 100_000
    inputs: int = 1_000
    """Objects in the variables of a query, such as parts of filters; mutations are limited by the size of a batch."""
    items: int = 20_000
    """Values in the lists of a query's variables."""
    variables: int = 1024 * 1024
    """Bytes of a query's variables."""
    batch: int = 10_000
    """Elements of a list in a mutation's variables."""


class Size(NamedTuple):
    """The size of a part of a document. A spread counts as a field, so that empty fragments are not free."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    root_fields: int = 0

    def beside(self, other: "Size") -> "Size":
        """Return the size of two parts next to each other."""
        depth = max(self.depth, other.depth)
        return Size(depth, *(min(a + b, SATURATED) for a, b in zip(self[1:], other[1:], strict=True)))


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    """Return the fragments of a document by their names."""
    return {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}


def operations_of(document: DocumentNode) -> list[OperationDefinitionNode]:
    """Return the operations of a document."""
    return [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]


def check_size(document: DocumentNode, limits: QueryLimits) -> None:
    """Raise `QueryTooComplex` if an operation exceeds a limit. Terminates for every document."""
    operations = operations_of(document)
    _check(len(operations), limits.operations, "holds {} operations")
    measure = _Measure(fragments_of(document))
    for operation in operations:
        size = measure.operation(operation)
        _check(size.depth, limits.depth, "nests fields {} levels deep")
        _check(size.fields, limits.fields, "selects {} fields")
        _check(size.aliases, limits.aliases, "uses {} aliases")
        _check(size.directives, limits.directives, "uses {} directives")
        _check(size.root_fields, limits.root_fields, "selects {} fields at its root")


def check_overlaps(document: DocumentNode, limits: QueryLimits) -> None:
    """Raise `QueryTooComplex` if too many fields share a response name.

    The document must have passed `check_size` and have no cycles, so that its expansion is small.
    """
    fragments = fragments_of(document)
    for operation in operations_of(document):
        pairs = _overlaps(fragments, [operation.selection_set])
        _check(pairs, limits.overlaps, "repeats fields: {} pairs would have to be compared")


def refuse(measured: int, allowed: int, what: str) -> QueryTooComplex:
    """Return the error with the measured size and the limit."""
    size = f"more than {SATURATED:,}" if measured >= SATURATED else f"{measured:,}"
    return QueryTooComplex(f"The query {what.format(size)}; at most {allowed:,} are allowed.")


def count_values(variables: Mapping[str, Any], objects: int, items: int) -> tuple[int, int]:
    """Return the number of objects, and of values in lists, in variables, without recursion.

    Counting stops once either exceeds its limit.
    """
    counted, listed, waiting = 0, 0, list(variables.values())
    while waiting and counted <= objects and listed <= items:
        value = waiting.pop()
        if isinstance(value, dict):
            counted += 1
            waiting += value.values()
        elif isinstance(value, list):
            listed += len(value)
            waiting += value
    return counted, listed


def _check(measured: int, allowed: int, what: str) -> None:
    if measured > allowed:
        raise refuse(measured, allowed, what)


class _Measure:
    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._known: dict[str, Size] = {}
        self._open: set[str] = set()

    def operation(self, node: OperationDefinitionNode) -> Size:
        variables = sum(len(variable.directives or ()) for variable in node.variable_definitions or ())
        here = Size(directives=_directives(node) + variables)
        return here.beside(self._selections(node.selection_set, 0))

    def _selections(self, selections: SelectionSetNode | None, level: int) -> Size:
        if level > _LEVELS:
            raise QueryTooComplex(f"The query nests selections and fragments more than {_LEVELS} levels deep.")
        size = Size()
        for node in selections.selections if selections else ():
            size = size.beside(self._selection(node, level + 1))
        return size

    def _selection(self, node: SelectionNode, level: int) -> Size:
        here = Size(fields=1, directives=_directives(node))
        if isinstance(node, FieldNode):
            inner = self._selections(node.selection_set, level)
            here = here._replace(aliases=int(node.alias is not None), root_fields=1)
            return here.beside(inner._replace(depth=inner.depth + 1, root_fields=0))
        if isinstance(node, FragmentSpreadNode):
            return here.beside(self._fragment(node.name.value, level))
        return here.beside(self._selections(_selections_of(node), level))

    def _fragment(self, name: str, level: int) -> Size:
        """Measure a fragment once. Unknown fragments and cycles count as nothing; validation reports them."""
        if name not in self._known:
            if name in self._open or name not in self._fragments:
                return Size()
            self._open.add(name)
            node = self._fragments[name]
            here = Size(directives=_directives(node))
            self._known[name] = here.beside(self._selections(node.selection_set, level))
            self._open.discard(name)
        return self._known[name]


def _overlaps(fragments: Mapping[str, FragmentDefinitionNode], parts: Sequence[SelectionSetNode]) -> int:
    by_name: dict[str, list[FieldNode]] = {}
    for field in _fields(fragments, parts, set()):
        by_name.setdefault((field.alias or field.name).value, []).append(field)
    pairs = 0
    for fields in by_name.values():
        inner = [field.selection_set for field in fields if field.selection_set]
        pairs += len(fields) * (len(fields) - 1) // 2 + (_overlaps(fragments, inner) if inner else 0)
    return pairs


def _fields(
    fragments: Mapping[str, FragmentDefinitionNode], parts: Sequence[SelectionSetNode], seen: set[str]
) -> Iterator[FieldNode]:
    for node in (node for part in parts for node in part.selections):
        if isinstance(node, FieldNode):
            yield node
        elif not isinstance(node, FragmentSpreadNode):
            yield from _fields(fragments, [_selections_of(node)], seen)
        elif node.name.value not in seen and node.name.value in fragments:
            seen.add(node.name.value)
            yield from _fields(fragments, [fragments[node.name.value].selection_set], seen)


def _selections_of(node: SelectionNode) -> SelectionSetNode:
    return cast("InlineFragmentNode", node).selection_set


def _directives(node: SelectionNode | OperationDefinitionNode | FragmentDefinitionNode) -> int:
    return len(node.directives or ())
