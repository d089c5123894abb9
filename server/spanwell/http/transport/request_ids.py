"""Gives every request an id, by which its answer and what is logged of it are found together.

A client or a proxy may send one of its own as `X-Request-Id`.
"""

import re
from contextvars import ContextVar
from secrets import token_hex

from starlette.types import Scope

HEADER = b"x-request-id"
_SANE = re.compile(rb"[A-Za-z0-9._:/=+-]{1,128}")

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request that is worked on, also in the threads that work for it; empty outside of one."""


def id_of(scope: Scope) -> str:
    """Return the id that a request carries, if it is fit to be repeated, or a new one."""
    for name, value in scope["headers"]:
        if name == HEADER and _SANE.fullmatch(value):
            return str(value, "ascii")
    return token_hex(8)
