"""Tokens in a file beside the store, of which only hashes are kept.

A server looks whether the file has changed before it answers, so a token counts, or no longer counts, at once.
"""

import os
import time
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from secrets import token_hex, token_urlsafe
from tempfile import NamedTemporaryFile

import msgspec

from spanwell.observability.access import Access, Scope

_MARK = "spanwell_"
_FRESH = 0.002
"""Seconds in which the file is not looked at again for a token that was right, or for none: looking costs most."""
_NOTHING = sha256(b"").hexdigest()


class BadTokens(Exception):
    """The file of tokens cannot be read; the message says why."""


class Token(msgspec.Struct, frozen=True, omit_defaults=True):
    """A token as it is kept; times are in seconds since 1970."""

    id: str
    hash: str
    scopes: tuple[Scope, ...]
    created: int
    expires: int | None = None
    organization: str | None = None
    project: str | None = None

    @property
    def access(self) -> Access:
        """What its bearer may do."""
        return _access(self.scopes, self.organization, self.project)


class _File(msgspec.Struct):
    tokens: list[Token]


class Tokens:
    """The tokens of a file. If the file exists, a server requires tokens, even if the file has none."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._name = str(path)
        self._clock = clock
        self._stamp: tuple[int, int, int] | None = None
        self._known: dict[str, Token] = {}
        self._shown: dict[str, Token] = {}
        self._looked = 0.0

    @property
    def are_required(self) -> bool:
        """Whether there is a file. Raises `BadTokens`."""
        self._look()
        return self.were_required

    @property
    def were_required(self) -> bool:
        """Whether there was a file at the last look."""
        return self._stamp is not None

    def all(self) -> list[Token]:
        """Return the tokens, the oldest first. Raises `BadTokens`."""
        self._look()
        return list(self._known.values())

    def find(self, text: str) -> Token | None:
        """Return a token by its text, after looking for changes of the file; None if it is not valid."""
        token = self._shown.get(text)
        now = time.monotonic()
        if (token is None and text) or now >= self._looked + _FRESH:
            self._look()
            self._looked = now
            token = self._shown.get(text) or self._proved(text)
        if token is None or (token.expires is not None and token.expires <= self._clock()):
            return None
        return token

    def _proved(self, text: str) -> Token | None:
        """Return the token of a text that shows its secret, and remember that it does."""
        if self._stamp is None:
            return None
        name, _, secret = text.removeprefix(_MARK).partition("_")
        token = self._known.get(name)
        is_right = compare_digest(_hash(secret), token.hash if token else _NOTHING)
        if token is None or not is_right or not text.startswith(_MARK):
            return None
        self._shown[text] = token
        return token

    def access(self, text: str) -> Access | None:
        """Return what the bearer of a token may do; None if it is none of ours, or not any more."""
        token = self.find(text)
        return token.access if token is not None else None

    def create(
        self,
        scopes: tuple[Scope, ...],
        organization: str | None = None,
        project: str | None = None,
        seconds: int | None = None,
    ) -> str:
        """Make a token and return it: it can be seen this once. Raises `BadTokens`."""
        name, secret, now = token_hex(4), token_urlsafe(32), int(self._clock())
        expires = None if seconds is None else now + seconds
        made = Token(name, _hash(secret), scopes, now, expires, organization, project)
        self._write([*self.all(), made])
        return f"{_MARK}{name}_{secret}"

    def revoke(self, name: str) -> bool:
        """Forget a token, at once; return whether there was one of that id. Raises `BadTokens`."""
        kept = [token for token in self.all() if token.id != name]
        if len(kept) == len(self._known):
            return False
        self._write(kept)
        return True

    def _look(self) -> None:
        """Read the file if it has changed."""
        try:
            found = os.stat(self._name)  # noqa: PTH116 - on every request: Path takes three times as long
        except FileNotFoundError:
            if self._stamp is not None:  # a server that asked for tokens goes on doing so
                self._known, self._shown = {}, {}
            return
        except OSError as error:
            raise BadTokens(f"The tokens in {self._path} cannot be read: {error.strerror}.") from None
        stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
        if stamp != self._stamp:
            self._known, self._shown = {token.id: token for token in self._read()}, {}
            self._stamp = stamp

    def _read(self) -> list[Token]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_File).tokens
        except OSError as error:
            raise BadTokens(f"The tokens in {self._path} cannot be read: {error.strerror}.") from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise BadTokens(f"{self._path} is not a token file.") from None

    def _write(self, tokens: list[Token]) -> None:
        """Replace the file whole, readable by its owner alone."""
        text = msgspec.json.format(msgspec.json.encode(_File(tokens)), indent=2)
        try:
            with NamedTemporaryFile(dir=self._path.parent, delete=False) as new:
                new.write(text)
                new.flush()
                os.fsync(new.fileno())
            Path(new.name).replace(self._path)
            self._look()
        except OSError as error:
            raise BadTokens(f"The tokens cannot be written to {self._path}: {error.strerror}.") from None


@lru_cache(maxsize=256)
def _access(scopes: tuple[Scope, ...], organization: str | None, project: str | None) -> Access:
    return Access.of(scopes, organization, project)


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
