"""Refuses requests for unknown host names, as a protection against DNS rebinding.

Rebinding needs a DNS name that the attacker owns. An address is not one, nor is a name that only a private network can
resolve. Browsers are recognised by `Origin`: https://fetch.spec.whatwg.org/#origin-header.
"""

import logging
from collections.abc import Awaitable, Iterable
from functools import lru_cache
from string import ascii_lowercase, digits

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from spanwell.access.addresses import LOOPBACK, is_address

from .responses import failure_response, media_type_for

logger = logging.getLogger(__name__)

PROBES = frozenset({"/healthz", "/readyz"})
_PRIVATE = (".localhost", ".internal", ".svc", ".cluster.local")
_IN_NAMES = frozenset(ascii_lowercase + digits + "-._:")
_LONGEST, _MOST_LOGGED = 100, 100


def host_name(header: str) -> str:
    """Return the name or address in a Host header, in lower case, without port and brackets."""
    if header.startswith("["):
        return header[1:].partition("]")[0].lower()
    return header.partition(":")[0].lower()


class HostGuard:
    """Passes requests with exactly one Host header, which holds an address or an allowed name, with any port.

    `allowed` names are accepted besides those of loopback; `*` accepts all. A server that is `reachable` by others also
    accepts names from private networks (`spanwell`, `spanwell.tools.svc`), and writes to `machine_paths` under any name
    unless they come from a browser. Probes always pass.
    """

    def __init__(
        self, app: ASGIApp, allowed: Iterable[str] = (), *, reachable: bool = False, machine_paths: Iterable[str] = ()
    ) -> None:
        self._app = app
        self._allowed = LOOPBACK | {name.lower() for name in allowed}
        self._reachable = reachable
        self._machine_paths = frozenset(machine_paths)
        self._allows = lru_cache(maxsize=256)(self._is_allowed)
        self._logged: set[str] = set()

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Pass a request on, or refuse it."""
        if scope["type"] == "lifespan" or self._admits(scope):
            return self._app(scope, receive, send)
        refusal = HTTPException(400, self._refusal(Headers(scope=scope).getlist("host")))
        return failure_response(refusal, media_type_for(scope["headers"]))(scope, receive, send)

    def _admits(self, scope: Scope) -> bool:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) == 1 and self._allows(hosts[0]):
            return True
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        return path in PROBES or (len(hosts) == 1 and self._is_from_machine(scope, path))

    def _is_from_machine(self, scope: Scope, path: str) -> bool:
        posted = scope["type"] == "http" and scope["method"] == "POST"
        return self._reachable and path in self._machine_paths and posted and "origin" not in Headers(scope=scope)

    def _is_allowed(self, header: bytes) -> bool:
        name = host_name(header.decode("latin-1"))
        if name in self._allowed or "*" in self._allowed or is_address(name):
            return True
        return self._reachable and bool(name) and _IN_NAMES.issuperset(name) and _is_private(name)

    def _refusal(self, hosts: list[str]) -> str:
        name = host_name(hosts[0])[:_LONGEST] if len(hosts) == 1 else ""
        if not name or not _IN_NAMES.issuperset(name):
            return "A request must have exactly one Host header, with a name or address of this server."
        if name not in self._logged and len(self._logged) < _MOST_LOGGED:
            self._logged.add(name)
            logger.warning("Refused a request for the host %s; to allow it, use --allowed-hosts %s.", name, name)
        return f"The host name {name} is not allowed on this server; allow it with `--allowed-hosts {name}`."


def _is_private(name: str) -> bool:
    return "." not in name.rstrip(".") or name.rstrip(".").endswith(_PRIVATE)
