"""What a caller may do, and with which rows; checked by the service, so that all endpoints share the same rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from .model.errors import Forbidden


class Scope(StrEnum):
    """One kind of thing that a caller may do."""

    READ = "read"
    INGEST = "ingest"
    WRITE = "write"
    DELETE = "delete"
    ADMIN = "admin"


_IMPLIED: dict[Scope, frozenset[Scope]] = {
    Scope.WRITE: frozenset({Scope.INGEST}),
    Scope.ADMIN: frozenset(Scope),
}
"""Scopes that others imply: changing spans implies creating them, ADMIN implies all."""


@dataclass(frozen=True)
class Access:
    """What a caller may do. One bound to an organization or a project sees and writes only its rows."""

    scopes: frozenset[Scope] = frozenset(Scope)
    organization: str | None = None
    project: str | None = None

    @classmethod
    def of(cls, scopes: Iterable[Scope], organization: str | None = None, project: str | None = None) -> "Access":
        """Return an access with the scopes and those that they imply."""
        given = frozenset(scopes)
        return cls(given.union(*(_IMPLIED.get(scope, frozenset()) for scope in given)), organization, project)

    @property
    def is_bound(self) -> bool:
        """Whether it is restricted to some rows."""
        return self.organization is not None or self.project is not None

    def require(self, scope: Scope) -> None:
        """Raise `Forbidden` if the caller lacks a scope."""
        if scope not in self.scopes:
            raise Forbidden(f"This requires the scope `{scope}`.")

    def read_only(self) -> "Access":
        """Return the part of it that remains on a read-only server."""
        return Access(self.scopes & {Scope.READ}, self.organization, self.project)


EVERYTHING = Access()
