"""Static pages: their files, and the headers that confine them to this server."""

import gzip
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

_KINDS = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
"""Media types by suffix, because operating systems disagree on some."""

_FOREVER = {"cache-control": "max-age=31536000, immutable"}


def page_headers(**sources: str) -> dict[str, str]:
    """Return the headers of a page that may load nothing but the named sources, such as `script_src="'self'"`."""
    named = {name.replace("_", "-"): source for name, source in sources.items()}
    policy = {
        "default-src": "'none'",
        **named,
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "content-security-policy": "; ".join(f"{name} {source}" for name, source in policy.items()),
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
    }


@dataclass(frozen=True)
class _File:
    """The content of a file, and its state, which shows whether it has changed."""

    stamp: tuple[int, int]
    body: bytes
    packed: bytes
    headers: Mapping[str, str]


class PageFiles:
    """The files of a folder, cached in memory until they change.

    A page has many files; reading each of them for each request, as Starlette's `StaticFiles` does, dominates the time.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._files: dict[Path, _File] = {}
        self._version: str | None = None

    def version(self) -> str:
        """Return the version of the folder, which changes whenever a file does."""
        stamps = "\n".join(sorted(_stamps(self._folder)))
        self._version = blake2b(stamps.encode(), digest_size=6).hexdigest()
        return self._version

    async def answer(self, request: Request) -> Response:
        """Return the file `name` of the path, or 304 if the browser has it.

        Below the current `version` browsers keep files without asking: after a change the page names other addresses.
        """
        file = self._file(request.path_params["name"])
        if request.path_params.get("version", "") == self._version:
            return self._sent(request, file, {**file.headers, **_FOREVER})
        return self._sent(request, file, file.headers)

    def _sent(self, request: Request, file: _File, headers: Mapping[str, str]) -> Response:
        known = request.headers.get("if-none-match", "").split(",")
        if file.headers["etag"] in (tag.strip() for tag in known):
            return Response(status_code=304, headers=headers)
        packs = (coding.strip() for coding in request.headers.get("accept-encoding", "").split(","))
        if "gzip" in packs:
            return Response(file.packed, headers={**headers, "content-encoding": "gzip"})
        return Response(file.body, headers=headers)

    def _file(self, name: str) -> _File:
        try:
            path = (self._folder / name).resolve(strict=True)
            if path.is_file() and path.is_relative_to(self._folder):
                status = path.stat()
                stamp = status.st_mtime_ns, status.st_size
                if path not in self._files or self._files[path].stamp != stamp:
                    self._files[path] = _read(path, stamp)
                return self._files[path]
        except (OSError, ValueError):  # ValueError: not a possible file name
            pass
        raise HTTPException(404)


def _stamps(folder: Path | str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _stamps(entry.path)
            else:
                status = entry.stat()
                yield f"{entry.path} {status.st_mtime_ns} {status.st_size}"


def _read(path: Path, stamp: tuple[int, int]) -> _File:
    body = path.read_bytes()
    headers = {
        "content-type": _KINDS.get(path.suffix, "application/octet-stream"),
        "cache-control": "no-cache",
        "etag": f'W/"{blake2b(body, digest_size=12).hexdigest()}"',
        "vary": "accept-encoding",
        "x-content-type-options": "nosniff",
    }
    return _File(stamp, body, gzip.compress(body), headers)
