"""Which hosts are addresses, and which of them are this machine alone."""

from functools import lru_cache
from ipaddress import ip_address

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@lru_cache(maxsize=256)
def is_address(name: str) -> bool:
    """Return whether a host is an IPv4 or IPv6 address, which cannot be rebound."""
    try:
        return bool(ip_address(name.replace("%25", "%")))
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """Return whether a server that listens on a host can only be reached from this machine."""
    return host in LOOPBACK or (is_address(host) and ip_address(host).is_loopback)
