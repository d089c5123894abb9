"""Gives every request an id, which links its answer to its log lines.

A client or a proxy may send its own id as `X-Request-Id`.
"""

import re
from contextvars import ContextVar
from random import Random

from starlette.types import Scope

HEADER = b"x-request-id"
_SANE = re.compile(rb"[A-Za-z0-9._:/=+-]{1,128}")

_RANDOM = Random()  # noqa: S311 - ids are not secret
"""Not the system's, which releases the interpreter's lock: under load the event loop would wait to get it back."""

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the current request, also in its threads; empty outside of requests."""


def id_of(scope: Scope) -> str:
    """Return the id that a request carries if it is safe to echo, else a new one."""
    for name, value in scope["headers"]:
        if name == HEADER and _SANE.fullmatch(value):
            return str(value, "ascii")
    return f"{_RANDOM.getrandbits(64):016x}"
