"""`spanwell token`: makes, lists and revokes the tokens of a store; a server beside it takes note at once."""

from __future__ import annotations

import argparse
import re
import sys
import time
from typing import TYPE_CHECKING

from spanwell.commands import CommandFailed
from spanwell.observability.access import Scope
from spanwell.options import add_options, read_settings
from spanwell.settings import tokens_path

if TYPE_CHECKING:
    from spanwell.access.tokens import Token, Tokens

_UNITS = {"m": 60, "h": 3_600, "d": 86_400, "w": 604_800, "y": 31_536_000}
_DAY = "%Y-%m-%d %H:%M"


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Give the command its three words and their flags."""
    words = command.add_subparsers(title="subcommands", dest="word", metavar="WORD", required=True)
    create = words.add_parser("create", help="create a token and print it once")
    create.add_argument(
        "--scopes", default="read", type=_scopes, help="comma-separated scopes: read,ingest,write,delete,admin [read]"
    )
    create.add_argument("--organization", help="restrict the token to one organization's data")
    create.add_argument("--project", help="restrict the token to one project's data, within --organization if set")
    create.add_argument(
        "--expires", type=_seconds, metavar="TIME", help="lifetime of the token, such as 90d [unlimited]"
    )
    listed = words.add_parser("list", help="list tokens (without their secrets)")
    revoke = words.add_parser("revoke", help="revoke a token immediately")
    revoke.add_argument("id", metavar="ID", help="the token's id as shown by `list`, or the token itself")
    for word in (create, listed, revoke):
        add_options(word, "db", "tokens")


def run(arguments: argparse.Namespace) -> int:
    """Make, list or revoke tokens."""
    from spanwell.access.tokens import BadTokens, Tokens  # noqa: PLC0415 - every other command would load it, too

    path = tokens_path(read_settings(arguments))
    if path is None:
        raise CommandFailed("An in-memory store has no token file; set one with `--tokens`.")
    tokens = Tokens(path)
    try:
        return _WORDS[arguments.word](tokens, arguments)
    except BadTokens as error:
        raise CommandFailed(str(error)) from None


def _create(tokens: Tokens, arguments: argparse.Namespace) -> int:
    made = tokens.create(arguments.scopes, arguments.organization, arguments.project, arguments.expires)
    _say(made)
    sys.stderr.write("Store it now: it will not be shown again. Send it as `Authorization: Bearer TOKEN`.\n")
    return 0


def _list(tokens: Tokens, _: argparse.Namespace) -> int:
    for token in tokens.all():
        _say(_line(token))
    return 0


def _line(token: Token) -> str:
    bound = [f"{name} {value}" for name in ("organization", "project") if (value := getattr(token, name)) is not None]
    ends = "never expires" if token.expires is None else f"expires {_when(token.expires)}"
    return "  ".join([token.id, ",".join(token.scopes), *bound, f"made {_when(token.created)}", ends])


def _revoke(tokens: Tokens, arguments: argparse.Namespace) -> int:
    name = arguments.id.removeprefix("spanwell_").partition("_")[0]
    if not tokens.revoke(name):
        raise CommandFailed(f"Token {name} does not exist.")
    _say(f"Revoked token {name}.")
    return 0


_WORDS = {"create": _create, "list": _list, "revoke": _revoke}


def _scopes(text: str) -> tuple[Scope, ...]:
    names = [part.strip() for part in text.split(",") if part.strip()]
    if not names or not set(names) <= set(Scope):
        raise argparse.ArgumentTypeError(f"{text!r} is not a comma-separated list of {', '.join(Scope)}")
    return tuple(scope for scope in Scope if scope in names)


def _seconds(text: str) -> int:
    match = re.fullmatch(r"(\d+)([mhdwy])", text.strip())
    if match is None or int(match[1]) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a duration such as 90d, 12h or 1y")
    return int(match[1]) * _UNITS[match[2]]


def _when(seconds: int) -> str:
    return time.strftime(_DAY, time.gmtime(seconds))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
