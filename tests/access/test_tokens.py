"""Tokens are kept as hashes, count at once, and no longer once they end."""

import json
import time
from hmac import compare_digest
from pathlib import Path

import pytest

from spanwell.access import tokens
from spanwell.access.tokens import _FRESH, BadTokens, Tokens
from spanwell.observability.access import Access, Scope
from spanwell.observability.model.errors import Forbidden
from tests.running import spanwell


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spans.duckdb.tokens"


def test_a_token_gives_its_scopes_and_those_they_imply(path: Path) -> None:
    tokens = Tokens(path)
    assert not tokens.are_required
    made = tokens.create((Scope.WRITE,), "acme", "web")
    assert tokens.are_required
    assert tokens.access(made) == Access(frozenset({Scope.WRITE, Scope.INGEST}), "acme", "web")
    assert Tokens(path).access(tokens.create((Scope.ADMIN,))) == Access(frozenset(Scope))


@pytest.mark.parametrize("change", ["", "x", "spanwell_", "spanwell_00000000_x"])
def test_what_is_no_token_gives_nothing(path: Path, change: str) -> None:
    tokens = Tokens(path)
    made = tokens.create((Scope.READ,))
    for wrong in (change, made[:-1], made + "x", made.removeprefix("spanwell_"), made.upper(), "spanwell_\ud800_x"):
        assert tokens.access(wrong) is None


@pytest.mark.parametrize("is_known", [True, False])
def test_a_wrong_token_takes_as_long_whether_or_not_its_name_is_known(
    path: Path, monkeypatch: pytest.MonkeyPatch, *, is_known: bool
) -> None:
    """Both are compared with a hash, in a time that does not depend on where they differ."""
    file = Tokens(path)
    made = file.create((Scope.READ,))
    compared: list[tuple[int, int]] = []

    def compare(one: str, other: str) -> bool:
        compared.append((len(one), len(other)))
        return compare_digest(one, other)

    monkeypatch.setattr(tokens, "compare_digest", compare)
    name, _, secret = made.rpartition("_")
    assert file.access(f"{name}_{secret[::-1]}" if is_known else f"spanwell_00000000_{secret}") is None
    assert compared == [(64, 64)]


def test_the_file_holds_no_token_and_is_its_owners_alone(path: Path) -> None:
    made = Tokens(path).create((Scope.READ,))
    assert made.rpartition("_")[2] not in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_token_ends_when_it_expires_or_is_revoked(path: Path) -> None:
    now = 1_000.0
    server, command = Tokens(path, lambda: now), Tokens(path, lambda: now)
    short, long = command.create((Scope.READ,), seconds=60), command.create((Scope.READ,))
    assert server.access(short)
    now += 60
    assert server.access(short) is None
    assert server.access(long)
    assert command.revoke(command.all()[1].id)
    time.sleep(2 * _FRESH)
    assert server.access(long) is None
    assert not command.revoke("nobody")


def test_without_a_token_the_file_is_looked_at_soon_after_but_not_for_every_request(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Tokens(path)
    now = 1_000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    assert server.access("") is None
    made = Tokens(path).create((Scope.READ,))
    now += _FRESH / 2
    assert server.access("") is None
    assert not server.were_required
    now += _FRESH
    assert server.access("") is None
    assert server.were_required
    assert Tokens(path).revoke(made.split("_")[1])
    other = Tokens(path).create((Scope.READ,))
    assert server.access(other), "a token that is not known yet is looked for at once"


def test_a_server_that_asked_for_tokens_goes_on_doing_so(path: Path) -> None:
    tokens = Tokens(path)
    made = tokens.create((Scope.READ,))
    path.unlink()
    time.sleep(2 * _FRESH)
    assert tokens.access(made) is None
    assert tokens.are_required


@pytest.mark.parametrize("content", [b"", b"[]", b'{"tokens": [{}]}', b"\xff"])
def test_a_file_that_is_none_of_tokens_is_named(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(BadTokens, match="is not a token file"):
        Tokens(path).all()


def test_a_file_that_cannot_be_read_or_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadTokens, match="cannot be read"):
        Tokens(tmp_path).all()
    (tmp_path / "file").write_text("")
    with pytest.raises(BadTokens, match="cannot be read: Not a directory"):
        Tokens(tmp_path / "file" / "tokens").all()
    with pytest.raises(BadTokens, match="cannot be written"):
        Tokens(tmp_path / "nowhere" / "tokens").create((Scope.READ,))


def test_a_scope_that_is_missing_is_named() -> None:
    access = Access.of([Scope.INGEST])
    access.require(Scope.INGEST)
    with pytest.raises(Forbidden, match="requires the scope `delete`"):
        access.require(Scope.DELETE)
    assert access.read_only().scopes == frozenset()


def test_the_command_makes_lists_and_revokes_tokens(tmp_path: Path) -> None:
    db = ("--db", str(tmp_path / "s.duckdb"))
    flags = ("--scopes", "ingest,read", "--organization", "acme", "--expires", "90d")
    made = spanwell("token", "create", *flags, *db)
    token = made.stdout.strip()
    assert Tokens(tmp_path / "s.duckdb.tokens").access(token) == Access.of([Scope.READ, Scope.INGEST], "acme")
    assert "not be shown again" in made.stderr
    listed = spanwell("token", "list", *db).stdout
    assert "read,ingest  organization acme  made" in listed
    assert token not in listed
    assert spanwell("token", "revoke", token.partition("_")[2][:8], *db).stdout.startswith("Revoked token ")
    assert spanwell("token", "list", *db).stdout == ""
    assert spanwell("token", "revoke", "nobody", *db).stderr == "spanwell: Token nobody does not exist.\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("create", "--scopes", "everything"), "is not a comma-separated list of read, ingest"),
        (("create", "--expires", "soon"), "is not a duration such as 90d"),
        (("create", "--expires", "0d"), "is not a duration"),
        (("list", "--db", ":memory:"), "set one with `--tokens`"),
        (("list", "--tokens", "/"), "cannot be read"),
        ((), "WORD"),
    ],
)
def test_what_is_wrong_with_the_command_is_said(arguments: tuple[str, ...], said: str) -> None:
    done = spanwell("token", *arguments)
    assert done.returncode == 2
    assert said in done.stderr


def test_tokens_are_json(path: Path) -> None:
    Tokens(path).create((Scope.READ,))
    (token,) = json.loads(path.read_text())["tokens"]
    assert token["scopes"] == ["read"]
    assert "expires" not in token
