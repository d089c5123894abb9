"""Rewords graphql-core's messages about values: they name the element, and do not repeat its contents."""

import re
from typing import NamedTuple

from graphql import GraphQLError, ValueNode, print_ast

from spanwell.graphql.library import VARIABLE_MESSAGE
from spanwell.observability.model.errors import InvalidInput

_LONGEST_MESSAGE = 300
_LONGEST_QUOTE = 40
_QUOTE = re.compile(r"(?:[,;.?] [Ff]ound:? |value: )(.*?)\.?$", re.DOTALL)

_ENDINGS = {"v": "value.", "?": "?"}


class Wording(NamedTuple):
    """A message, and the name of its element, such as `spans[17].startedAt`; empty if it has none."""

    message: str
    element: str = ""


def cut(text: str, longest: int = _LONGEST_MESSAGE) -> str:
    """Return text, shortened to at most `longest` characters."""
    return text if len(text) <= longest else text[: longest - 3] + "..."


def word_graphql(message: str) -> Wording:
    """Return graphql-core's message, with the element in the client's spelling."""
    place = VARIABLE_MESSAGE.fullmatch(message)
    if place is None:
        return Wording(cut(_unquoted(message)))
    return _at(place, "", _unquoted(place[3]))


def word_invalid(problem: Exception, cause: InvalidInput) -> Wording:
    """Return our own message about a value, from the point of view of its variable or literal."""
    place = VARIABLE_MESSAGE.fullmatch(str(problem.message)) if isinstance(problem, GraphQLError) else None
    if place is not None:
        return _at(place, cause.element, f"it {cause.problem}.")
    node = problem.nodes[0] if isinstance(problem, GraphQLError) and problem.nodes else None
    if isinstance(node, ValueNode):
        return Wording(cut(f"The value {cut(print_ast(node), _LONGEST_QUOTE)} {cause.problem}."), cause.element)
    return Wording(cut(str(cause)), cause.element)


def _at(place: re.Match[str], inner: str, reason: str) -> Wording:
    element = f"{place[1]}{place[2] or ''}" + (f".{inner}" if inner else "")
    return Wording(cut(f"Variable `${place[1]}` at `{element}`: {reason}"), element)


def _unquoted(message: str) -> str:
    """Return a message without the client's value, unless the value is short and a scalar."""
    message = message.replace("not to be None", "not to be null")
    quote = _QUOTE.search(message)
    if quote is None or (len(quote[1]) <= _LONGEST_QUOTE and quote[1][:1] not in "{["):
        return message
    return message[: quote.start()] + _ENDINGS.get(quote[0][0], ".")
