"""Words what graphql-core found wrong with a value so that it names the element and does not repeat its contents."""

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
    """A sentence, and the name of the element it is about: `spans[17].startedAt`; empty if it has none."""

    message: str
    element: str = ""


def cut(text: str, longest: int = _LONGEST_MESSAGE) -> str:
    """Return a text, shortened if it is longer than a message should be."""
    return text if len(text) <= longest else text[: longest - 3] + "..."


def word_graphql(message: str) -> Wording:
    """Return graphql-core's message with the element of a variable named as clients write it."""
    place = VARIABLE_MESSAGE.fullmatch(message)
    if place is None:
        return Wording(cut(_unquoted(message)))
    return _at(place, "", _unquoted(place[3]))


def word_invalid(problem: Exception, cause: InvalidInput) -> Wording:
    """Return what our own check found wrong with a value, seen from the variable or the literal that held it."""
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
    """Return a message without the client's value, unless that is short and plain."""
    message = message.replace("not to be None", "not to be null")
    quote = _QUOTE.search(message)
    if quote is None or (len(quote[1]) <= _LONGEST_QUOTE and quote[1][:1] not in "{["):
        return message
    return message[: quote.start()] + _ENDINGS.get(quote[0][0], ".")
