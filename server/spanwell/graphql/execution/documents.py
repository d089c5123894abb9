"""A cache of documents: each text is parsed, measured against the limits, and validated once."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, TypeAlias

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    parse,
    validate,
)
from graphql.execution import Executor
from msgspec import Raw

from spanwell.graphql.fast.batch_elements import Skipping
from spanwell.graphql.fast.batch_variables import JsonText, ListInputs, VariablesReader
from spanwell.graphql.library import TOO_MANY_TOKENS
from spanwell.observability.model.errors import InvalidInput, SpanwellError

from .cost import Cost, costs_of
from .failures import Code, Failure, Refused, refused
from .limits import (
    QueryLimits,
    QueryTooComplex,
    check_overlaps,
    check_size,
    count_values,
    fragments_of,
    operations_of,
    refuse,
)
from .rules import FRAGMENT_RULES, Rule, rules_for

_MOST_VALIDATION_ERRORS = 5
_OVERHEAD = 200
"""The memory of a cached document besides its text, in characters."""
_LONG = 4_000
"""Characters of a text that takes longer than some 10 ms to parse and validate."""

MakeExecutor: TypeAlias = Callable[[OperationDefinitionNode, Mapping[str, FragmentDefinitionNode]], Executor[Any]]


class Document:
    """A valid document: its operations, and the cost of each."""

    def __init__(self, node: DocumentNode, schema: GraphQLSchema, limits: QueryLimits, *, has_directives: bool) -> None:
        self.node = node
        self._schema = schema
        self._has_directives = has_directives
        self._fragments = fragments_of(node)
        self._executors: dict[int, Executor[Any]] = {}
        self._operations = operations_of(node)
        self._costs = costs_of(node, schema)
        self._limits = limits
        self._readers: dict[int, VariablesReader] = {}
        self._fixed: dict[int, Cost] = {}
        """The costs of operations without variables."""
        self.without_variables: dict[tuple[str | None, bool], Any] = {}
        """Requests that give no variables, ready to be executed, by the name of the operation and what they want."""

    def reader(self, operation: OperationDefinitionNode, inputs: ListInputs) -> VariablesReader:
        """Return the reader of an operation's variables."""
        reader = self._readers.get(id(operation))
        if reader is None:
            skipping = Skipping.of(self._schema, operation, self._fragments, self._limits.batch)
            reader = self._readers[id(operation)] = VariablesReader(operation, inputs, skipping)
        return reader

    def executor(self, operation: OperationDefinitionNode, make: MakeExecutor) -> Executor[Any]:
        """Return the executor of an operation, which each request copies.

        It is cached with the fields that it has collected from the selections. They are the same for all requests,
        unless directives depend on variables.
        """
        executor = self._executors.get(id(operation))
        if executor is None:
            executor = make(operation, self._fragments)
            if not self._has_directives:
                executor = self._executors.setdefault(id(operation), executor)  # another thread may have been first
        return executor

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """Return the operation with a name, or the only operation. Raises `InvalidInput`."""
        if name is None:
            if len(self._operations) > 1:
                raise InvalidInput("must be the name of one of the document's operations", "operationName")
            return self._operations[0]
        for operation in self._operations:
            if operation.name and operation.name.value == name:
                return operation
        raise InvalidInput("is not the name of an operation in the document", "operationName")

    def cost(self, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> Cost:
        """Return the cost of an operation. Raises `QueryTooComplex` if it can return too many records."""
        cost = self._fixed.get(id(operation)) or self._costs.of(operation, variables)
        if not operation.variable_definitions:
            self._fixed[id(operation)] = cost
        if cost.records > self._limits.cost:
            raise refuse(cost.records, self._limits.cost, "could return {} records")
        return cost

    def check_text(self, operation: OperationDefinitionNode, variables: Mapping[str, Any] | JsonText) -> None:
        """Raise `QueryTooComplex` if the variables of a query have too many bytes."""
        if operation.operation is not OperationType.MUTATION and isinstance(variables, bytes | Raw):
            size = memoryview(variables).nbytes
            if size > self._limits.variables:
                raise refuse(size, self._limits.variables, "has variables of {} bytes")

    def check_variables(self, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> None:
        """Raise `QueryTooComplex` if the variables of a query have too many values, each of which costs time.

        A mutation's variables are limited by the size of a batch instead, list by list.
        """
        if operation.operation is not OperationType.MUTATION:
            objects, items = count_values(variables, self._limits.inputs, self._limits.items)
            if objects > self._limits.inputs:
                raise refuse(objects, self._limits.inputs, "has variables with {} objects or more")
            if items > self._limits.items:
                raise refuse(items, self._limits.items, "has variables with {} values in lists or more")
            return
        for name, value in variables.items():
            if isinstance(value, list) and len(value) > self._limits.batch:
                raise InvalidInput(
                    f"has {len(value):,} elements; a batch can have at most {self._limits.batch:,}", name
                )


class Documents:
    """Parses documents, and caches the latest ones with their errors, if any."""

    def __init__(
        self,
        schema: GraphQLSchema,
        limits: QueryLimits,
        *,
        introspection: bool = True,
        cached_characters: int = 500_000,
    ) -> None:
        self._schema = schema
        self._limits = limits
        self._introspection = introspection
        self._room = cached_characters
        self._cache: OrderedDict[str, Document | list[Failure]] = OrderedDict()
        self._lock = Lock()

    def take_long(self, text: str) -> bool:
        """Return whether `get` would hold up others."""
        return len(text) > _LONG and text not in self._cache

    def get(self, text: str) -> Document:
        """Return the document of a text; several threads may call this. Raises `Refused`."""
        with self._lock:
            document = self._cache.get(text)
            if document is not None:
                self._cache.move_to_end(text)
        if document is None:
            document = self._make(text)
            with self._lock:
                self._put(text, document)
        if isinstance(document, list):
            raise Refused(document)
        return document

    def _put(self, text: str, document: Document | list[Failure]) -> None:
        if text not in self._cache:
            self._room -= len(text) + _OVERHEAD
        self._cache[text] = document
        while self._room < 0:
            forgotten, _ = self._cache.popitem(last=False)
            self._room += len(forgotten) + _OVERHEAD

    def _make(self, text: str) -> Document | list[Failure]:
        try:
            return self._checked(text)
        except Refused as refusal:
            return refusal.failures
        except SpanwellError as error:
            return refused([error]).failures

    def _parsed(self, text: str) -> DocumentNode:
        limits = self._limits
        if len(text) > limits.length:
            raise refuse(len(text), limits.length, "is {} characters long")
        try:
            return parse(text, max_tokens=limits.tokens)
        except GraphQLError as error:
            if TOO_MANY_TOKENS in error.message:
                raise QueryTooComplex(f"The query has more than {limits.tokens:,} tokens.") from None
            raise refused([error], Code.GRAPHQL_PARSE_FAILED) from None

    def _checked(self, text: str) -> Document:
        node = self._parsed(text)
        check_size(node, self._limits)
        if fragments_of(node):
            self._validate(node, FRAGMENT_RULES)
        check_overlaps(node, self._limits)
        self._validate(node, rules_for(text, introspection=self._introspection))
        return Document(node, self._schema, self._limits, has_directives="@" in text)

    def _validate(self, node: DocumentNode, rules: tuple[Rule, ...]) -> None:
        errors = validate(self._schema, node, rules, _MOST_VALIDATION_ERRORS, hide_suggestions=not self._introspection)
        if errors:
            raise refused(errors, Code.GRAPHQL_VALIDATION_FAILED)
