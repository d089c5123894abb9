"""Gives every request an id, by which its answer and what is logged of it are found together.

A client or a proxy may send one of its own as `X-Request-Id`.
"""

import re
from contextvars import ContextVar
from random import Random

from starlette.types import Scope

HEADER = b"x-request-id"
_SANE = re.compile(rb"[A-Za-z0-9._:/=+-]{1,128}")

_RANDOM = Random()  # noqa: S311 - ids are no secrets
"""Not the system's, which is asked without the interpreter's lock: under load the loop would wait to have it back."""

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request that is worked on, also in the threads that work for it; empty outside of one."""


def id_of(scope: Scope) -> str:
    """Return the id that a request carries, if it is fit to be repeated, or a new one."""
    for name, value in scope["headers"]:
        if name == HEADER and _SANE.fullmatch(value):
            return str(value, "ascii")
    return f"{_RANDOM.getrandbits(64):016x}"
