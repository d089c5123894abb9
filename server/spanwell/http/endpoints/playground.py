"""Serves the playground: GraphiQL from our own files, with a tour of example operations, and no external requests."""

from pathlib import Path
from secrets import token_urlsafe

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from spanwell.http.transport.responses import json_response

from .static_pages import PageFiles, page_headers

PATH = "/playground"

_PAGE = Path(__file__).parents[1] / "static" / "playground"
_PACKED = _PAGE / "examples"
_CHECKOUT = Path(__file__).parents[4] / "frontend_examples" / "playground"

# The placeholder of the style nonce in the page; each response has its own nonce.
_WORD = "NONCE"
# CodeMirror's search field states this style, `width: 10em`, in its HTML; a policy knows it by its hash.
_SEARCH_FIELD = "'sha256-H22cvujYHDQPJvzf4ie16OHKC3HsNj7RmRT3jO07Y/U='"


def playground_routes() -> list[BaseRoute]:
    """Return the routes of the page, its files, and the example operations."""
    examples = load_examples()
    html = (_PAGE / "index.html").read_text(encoding="utf-8")

    async def page(_: Request) -> Response:
        word = token_urlsafe(16)
        return HTMLResponse(html.replace(_WORD, word), headers=_headers(word))

    async def tour(_: Request) -> Response:
        return json_response(examples)

    async def home(_: Request) -> Response:
        return RedirectResponse(PATH[1:])

    return [
        Route("/", home),
        Route(PATH, page),
        Route(f"{PATH}/examples.json", tour),
        Route(f"{PATH}/static/{{name:path}}", PageFiles(_PAGE).answer),
    ]


def _headers(word: str) -> dict[str, str]:
    """Return the headers of the page: only our files may run; only they and GraphiQL, with the nonce, add styles."""
    return page_headers(
        script_src="'self'",
        style_src=f"'self' 'nonce-{word}'",
        style_src_attr=f"'unsafe-hashes' {_SEARCH_FIELD}",
        img_src="'self' data:",
        font_src="'self' data:",
        connect_src="'self'",
    ) | {"cache-control": "no-store"}


def load_examples() -> list[dict[str, str]]:
    """Return the operations of the tour and their variables, in the order of their file names.

    They are in `frontend_examples/playground` in a checkout, and beside the page in an installed package.
    """
    folder = _PACKED if _PACKED.is_dir() else _CHECKOUT
    return [_example(file) for file in sorted(folder.glob("*.graphql"))]


def _example(file: Path) -> dict[str, str]:
    variables = file.with_suffix(".variables.json")
    example = {"query": file.read_text(encoding="utf-8").strip()}
    return example | ({"variables": variables.read_text(encoding="utf-8").strip()} if variables.is_file() else {})
