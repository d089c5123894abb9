"""Turns exceptions into GraphQL errors: a message, a code, a location, and no internals."""

import logging
from collections.abc import Iterable
from enum import StrEnum
from itertools import islice
from secrets import token_hex
from typing import Any, TypeAlias

from graphql import GraphQLError

from spanwell.graphql.library import ARGUMENT_MESSAGE
from spanwell.observability.model.errors import InvalidInput, SpanwellError, StorageUnavailable

from .messages import Wording, cut, word_graphql, word_invalid

logger = logging.getLogger(__name__)

Failure: TypeAlias = dict[str, Any]
"""An error in a response: `message`, `extensions.code`, and if known `path`, `locations` and `element`."""

_MOST_ERRORS = 10
_MOST_LOCATIONS = 4


class Code(StrEnum):
    """The values of `extensions.code`."""

    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    BAD_CURSOR = "BAD_CURSOR"
    NOT_FOUND = "NOT_FOUND"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    QUERY_TOO_COMPLEX = "QUERY_TOO_COMPLEX"
    TIMEOUT = "TIMEOUT"
    RESOURCE_EXHAUSTED = "RESOURCE_EXHAUSTED"
    OVERLOADED = "OVERLOADED"
    INTERNAL = "INTERNAL"


class Refused(Exception):
    """The request was not executed; `failures` are the reasons."""

    def __init__(self, failures: list[Failure]) -> None:
        super().__init__(failures[0]["message"])
        self.failures = failures


def refused(problems: Iterable[Exception], otherwise: Code = Code.BAD_USER_INPUT) -> Refused:
    """Return the refusal for some errors; those without a code get `otherwise`."""
    return Refused(failures(problems, otherwise))


def failures(problems: Iterable[Exception], otherwise: Code = Code.INTERNAL) -> list[Failure]:
    """Return the first ten errors as a response lists them."""
    return [failure(problem, otherwise) for problem in islice(problems, _MOST_ERRORS)]


def failure(problem: Exception, otherwise: Code = Code.INTERNAL) -> Failure:
    """Return an error as a response shows it.

    `otherwise` is the code of errors that graphql-core raises. During execution it is INTERNAL: an error without a code
    is then our fault, except for arguments that turn out to be null.
    """
    cause = _cause(problem)
    code = _code(problem, cause, otherwise)
    shown = _internal(cause) if code is Code.INTERNAL and not isinstance(cause, SpanwellError) else None
    return (shown or _worded(problem, cause, code)) | _place(problem)


def _cause(problem: Exception) -> Exception:
    """Return the original exception; graphql-core wraps it once for the value and once for the location."""
    while isinstance(problem, GraphQLError) and problem.original_error is not None:
        problem = problem.original_error
    return problem


def _code(problem: Exception, cause: Exception, otherwise: Code) -> Code:
    if isinstance(cause, SpanwellError):
        return Code(cause.code)
    if not isinstance(cause, GraphQLError):
        return otherwise if isinstance(problem, GraphQLError) else Code.INTERNAL
    stated = (cause.extensions or {}).get("code")
    if isinstance(stated, str) and stated in Code.__members__:
        return Code(stated)
    about_an_argument = cause.message.startswith(ARGUMENT_MESSAGE)
    return Code.BAD_USER_INPUT if otherwise is Code.INTERNAL and about_an_argument else otherwise


def _worded(problem: Exception, cause: Exception, code: Code) -> Failure:
    if isinstance(cause, StorageUnavailable):
        logger.error("the store failed", exc_info=cause)
    message, element = _wording(problem, cause)
    return {"message": message, "extensions": {"code": code} | ({"element": element} if element else {})}


def _wording(problem: Exception, cause: Exception) -> Wording:
    if isinstance(cause, InvalidInput):
        return word_invalid(problem, cause)
    if isinstance(cause, SpanwellError):
        return Wording(cut(str(cause)))
    return word_graphql(problem.message if isinstance(problem, GraphQLError) else str(problem))


def _place(problem: Exception) -> Failure:
    if not isinstance(problem, GraphQLError):
        return {}
    place: Failure = {} if problem.path is None else {"path": problem.path}
    if problem.locations:
        place["locations"] = [{"line": at.line, "column": at.column} for at in problem.locations[:_MOST_LOCATIONS]]
    return place


def _internal(cause: Exception) -> Failure:
    reference = token_hex(4)
    logger.error("internal error %s", reference, exc_info=cause)
    message = f"Internal server error; see the server's log for {reference}."
    return {"message": message, "extensions": {"code": Code.INTERNAL}}
