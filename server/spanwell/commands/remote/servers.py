"""Asks a running server, for commands that would otherwise open its store."""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import orjson

from spanwell.commands import CommandFailed, warn

TOKEN = "SPANWELL_TOKEN"  # noqa: S105 - the name of an environment variable
_WARNINGS = "x-spanwell-warnings"
_PATIENCE = 60


@contextmanager
def answer_of_server(url: str, path: str, body: Any) -> Generator[Callable[..., bytes]]:
    """Give what reads the answer of a server, some bytes at a time; its warnings are printed. Raises `CommandFailed`.

    A token for it may stand in the environment variable SPANWELL_TOKEN.
    """
    if not url.startswith(("http://", "https://")):
        raise CommandFailed("`--url` must be the address of a server, such as http://127.0.0.1:8000.")
    headers = {"content-type": "application/json", "accept": "application/graphql-response+json"}
    if token := os.environ.get(TOKEN):
        headers["authorization"] = f"Bearer {token}"
    request = Request(url.rstrip("/") + path, orjson.dumps(body), headers)  # noqa: S310 - the scheme is checked
    try:
        with urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310 - as above
            warn(orjson.loads(answer.headers.get(_WARNINGS, "[]")))

            def read(size: int = -1) -> bytes:
                try:
                    found: bytes = answer.read(size)
                except (OSError, HTTPException):
                    raise CommandFailed(f"{url} closed the connection early; the output is incomplete.") from None
                return found

            yield read
    except HTTPError as error:
        raise CommandFailed(_said(url, error)) from None
    except URLError as error:
        raise CommandFailed(f"{url} cannot be reached: {error.reason}.") from None


def _said(url: str, error: HTTPError) -> str:
    """Return the sentence of a refusal."""
    try:
        return str(orjson.loads(error.read())["errors"][0]["message"])
    except (ValueError, LookupError, TypeError):
        return f"{url} answered {error.code} {error.reason}."
