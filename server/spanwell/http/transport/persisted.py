"""Persisted documents, which clients name instead of sending: by `documentId`, or as Apollo's persisted queries.

`documentId` is from the draft of GraphQL over HTTP (Appendix A): https://graphql.github.io/graphql-over-http/draft.
Trusted documents are read from a folder; others are remembered by hash from the request that first sent them.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from starlette.exceptions import HTTPException

from spanwell.graphql.execution.prepared import GraphQLRequest

from .requests import NO_VARIABLES, Params

_ROOM = 1_000_000
"""Characters of documents to remember for clients that send them once."""

_HASH = "sha256:"
_UNKNOWN = "PersistedQueryNotFound"
"""The code that tells Apollo's and urql's clients to send the whole document."""


class BadDocuments(Exception):
    """A folder of trusted documents cannot be read; the message says why."""


class PersistedDocuments:
    """Finds the documents that requests name. With `only`, all but trusted documents are refused."""

    def __init__(self, trusted: Mapping[str, str] | None = None, *, only: bool = False) -> None:
        self._trusted = trusted or {}
        self._only = only
        self._sent = OrderedDict[str, str]()
        self._room = _ROOM

    def request_of(self, params: Params) -> GraphQLRequest:
        """Return the GraphQL request for decoded JSON. Raises `HTTPException` 400, 403 or 404."""
        wants_cost = (params.extensions or {}).get("cost") is True
        variables: Mapping[str, Any] | msgspec.Raw = {} if params.variables is NO_VARIABLES else params.variables
        return GraphQLRequest(self._text(params), params.operation_name, variables, wants_cost)

    def _text(self, params: Params) -> str:
        name = _name_in(params)
        if params.query is None:
            return self._named(name)
        if name is None and not self._only:
            return params.query
        hashed = _digest(params.query)
        if name is not None and name != hashed:
            raise HTTPException(400, "The persisted query hash does not match the `query`.")
        if self._only and self._trusted.get(hashed) != params.query:
            raise HTTPException(403, "This server only runs trusted documents: refer to one by its `documentId`.")
        if name is not None and name not in self._trusted:
            self._remember(name, params.query)
        return params.query

    def _named(self, name: str | None) -> str:
        if name is None:
            raise HTTPException(400, "The request has neither a `query` nor a `documentId`.")
        text = self._trusted.get(name) or self._sent.get(name)
        if text is None:
            raise HTTPException(404, _UNKNOWN)
        return text

    def _remember(self, name: str, text: str) -> None:
        self._room += len(self._sent.pop(name, ""))
        self._sent[name] = text
        self._room -= len(text)
        while self._room < 0:
            self._room += len(self._sent.popitem(last=False)[1])


def _name_in(params: Params) -> str | None:
    """Return the name of a document; a hash without its `sha256:` prefix."""
    persisted = (params.extensions or {}).get("persistedQuery")
    if params.document_id is not None:
        if params.query is not None:
            raise HTTPException(400, "A request must have either `documentId` or `query`, not both.")
        return params.document_id.removeprefix(_HASH)
    if not isinstance(persisted, dict):
        return None
    name: Any = persisted.get("sha256Hash")
    return name if isinstance(name, str) else ""


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def trusted_documents(folder: Path) -> dict[str, str]:
    """Return the documents of a folder by name. Raises `BadDocuments`.

    A `.graphql` file is one document, named by the SHA-256 of its text. A `.json` file holds many named documents: an
    object of texts, as Relay's compiler writes it, or Apollo's manifest.
    """
    files = sorted(path for path in folder.rglob("*") if path.suffix in _READERS)
    if not files:
        raise BadDocuments(f"The folder {folder} contains no trusted documents (*.graphql or *.json files).")
    found: dict[str, str] = {}
    for path in files:
        try:
            texts = dict(_READERS[path.suffix](path.read_text("utf-8")))
        except (OSError, UnicodeDecodeError, msgspec.DecodeError):
            raise BadDocuments(f"The trusted documents in {path} cannot be read.") from None
        found |= texts | {_digest(text): text for text in texts.values()}
    return found


class _Operation(msgspec.Struct):
    id: str
    body: str


class _Manifest(msgspec.Struct):
    operations: list[_Operation]


def _of_document(text: str) -> Iterator[tuple[str, str]]:
    yield _digest(text), text


def _of_json(text: str) -> Iterator[tuple[str, str]]:
    try:
        yield from msgspec.json.decode(text, type=dict[str, str]).items()
    except msgspec.ValidationError:
        for operation in msgspec.json.decode(text, type=_Manifest).operations:
            yield operation.id, operation.body


_READERS = {".graphql": _of_document, ".json": _of_json}
