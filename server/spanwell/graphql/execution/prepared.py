"""A request on its way: as it came, ready to be executed, and answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson
from graphql import FieldNode, OperationDefinitionNode, OperationType
from msgspec import Struct

from spanwell.graphql.fast.batch_elements import Variables
from spanwell.graphql.fast.batch_variables import JsonText, is_big

from .cost import Cost
from .documents import Document
from .failures import Failure


class GraphQLRequest(Struct, frozen=True):
    """The parameters of a GraphQL request."""

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] | JsonText = {}
    """The variables, decoded or as a JSON object."""
    wants_cost: bool = False
    """Whether the response has `extensions.cost`."""


@dataclass(frozen=True)
class Prepared:
    """A request that is ready to be executed."""

    request: GraphQLRequest
    document: Document
    operation: OperationDefinitionNode
    variables: Variables
    cost: Cost
    is_large: bool = False
    """Whether its response may be so large that a thread completes it."""

    @cached_property
    def has_big_variables(self) -> bool:
        """Whether it has large variables that are not coerced yet."""
        return not self.variables.read and is_big(self.request.variables)

    @property
    def operation_type(self) -> OperationType:
        """Whether it is a query, a mutation or a subscription."""
        return self.operation.operation

    @cached_property
    def first_field(self) -> str:
        """The name of its first field; the document is valid, so the schema has that field."""
        first = self.operation.selection_set.selections[0]
        return first.name.value if isinstance(first, FieldNode) else "fragment"

    @cached_property
    def traced_as(self) -> tuple[str, Mapping[str, str]]:
        """The name and the attributes of its span, if it is traced."""
        kind = self.operation_type.value
        return f"{kind} {self.first_field}", {"graphql.operation.type": kind}


class Answer(Struct, frozen=True, dict=True):
    """The result of a request: data, the failures of fields, and extensions."""

    data: dict[str, Any] | None
    failures: list[Failure]
    extensions: Mapping[str, Any] = {}

    @cached_property
    def json(self) -> bytes:
        """The body of the response; it is serialized once, however many clients receive it."""
        # Errors first, so that they are seen before a long `data`, as the GraphQL specification advises.
        if not self.failures and not self.extensions:
            return orjson.dumps({"data": self.data})
        parts = {"errors": self.failures, "data": self.data, "extensions": self.extensions}
        return orjson.dumps({name: part for name, part in parts.items() if part or name == "data"})
