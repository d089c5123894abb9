"""What a server says, or refuses, at its start about who can reach it."""

from collections.abc import Iterator

from spanwell.access.addresses import is_loopback
from spanwell.access.tokens import BadTokens, Tokens
from spanwell.commands import CommandFailed
from spanwell.settings import Settings, tokens_path

_EVERYWHERE = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - compared with, and not listened on


def check_reach(settings: Settings) -> None:
    """Raise `CommandFailed` if others would reach a server that asks nobody who they are.

    One that listens on all addresses starts nevertheless: it answers its own machine, and health checks.
    """
    if is_loopback(settings.host) or settings.host in _EVERYWHERE or settings.insecure or settings.read_only:
        return
    if not has_tokens(settings):
        raise CommandFailed(
            f"{settings.host} is reachable from other machines, and there are no tokens: create one with `spanwell "
            "token create`, or start with `--insecure` to allow access without tokens, or with `--read-only`."
        )


def reach(settings: Settings) -> Iterator[str]:
    """Yield what to say about who can reach a server, and by which names."""
    if has_tokens(settings):
        yield "access: by token"
    elif not is_loopback(settings.host):
        if settings.insecure or settings.read_only:
            yield f"access: anyone who can reach the server can {'read' if settings.read_only else 'read and write'}"
        else:
            yield "access: this machine only, until there is a token (`spanwell token create`) or `--insecure`"
    if not is_loopback(settings.host) and "*" not in settings.allowed_hosts:
        named = "".join(f", {name}" for name in settings.allowed_hosts)
        yield f"hosts: IP addresses, names of private networks{named}; allow others with `--allowed-hosts`"


def has_tokens(settings: Settings) -> bool:
    """Return whether a server asks for tokens. Raises `CommandFailed`."""
    path = tokens_path(settings)
    try:
        return path is not None and Tokens(path).are_required
    except BadTokens as error:
        raise CommandFailed(str(error)) from None
