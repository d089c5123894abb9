"""Reads the arguments of a field once for a whole list, where Strawberry would do it again for every item.

`traces(first: 1000) { nodes { spans(filter: $filter) { .. } } }` has one filter and a thousand places for it. Turning a
filter of a thousand parts into Python objects takes some 50 ms; a thousand times that would stop the server for a
minute.
"""

from collections.abc import Callable
from typing import Any

import strawberry
from graphql import GraphQLResolveInfo

from spanwell.graphql.library import replace_resolver
from spanwell.graphql.resolvers.context import place_of


def read_arguments_once(schema: strawberry.Schema, type_name: str, field_name: str) -> None:
    """Have a field's resolver called with its arguments once in a request, and then without.

    The resolver must keep what it made of them in the context, under the field's place, before it first awaits.
    """

    def once(answer: Callable[..., Any]) -> Callable[..., Any]:
        async def resolve(source: object, info: GraphQLResolveInfo[Any], **arguments: object) -> object:
            # Every item's coroutine is made before the first one runs; so this asks when it runs.
            if info.context.knows(place_of(info)):
                return await answer(source, info)
            return await answer(source, info, **arguments)

        return resolve

    replace_resolver(schema, type_name, field_name, once)
