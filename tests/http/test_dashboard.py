import re
from pathlib import Path

import pytest
from graphql import parse, validate

from server.graphql.schema import schema
from server.http import dashboard
from server.http.dashboard import find_files

from .clients import client_of, make_app

FILES = find_files()
SCRIPTS = sorted(FILES.rglob("*.js"))
DOCUMENTS = (FILES / "api" / "documents.js").read_text("utf-8")


def test_the_home_page_is_the_dashboard_if_there_is_one() -> None:
    with client_of(make_app()) as client:
        page = client.get("/")
        assert page.status_code == 200
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert 'src="dashboard/main.js"' in page.text
    with client_of(make_app(dashboard=False)) as client:
        assert client.get("/").headers["location"] == "playground"
        assert client.get("/dashboard/main.js").status_code == 404
    with client_of(make_app(dashboard=False, playground=False)) as client:
        assert client.get("/").status_code == 404


def test_the_page_may_use_nothing_but_files_of_ours() -> None:
    """No inline script or style, no other host, no frame around it: what is shown was written by strangers."""
    with client_of(make_app()) as client:
        page = client.get("/")
    policy = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|<style|style=", page.text)


def test_every_file_that_the_page_names_is_served_as_what_it_is() -> None:
    kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    with client_of(make_app()) as client:
        addresses = re.findall(r'(?:src|href)="([^"]*)"', client.get("/").text)
        assert len(addresses) >= 8
        for address in addresses:
            file = client.get(f"/{address}")
            assert file.status_code == 200, address
            assert file.headers["content-type"].startswith(kinds[Path(address).suffix])
            assert file.headers["x-content-type-options"] == "nosniff"
            assert file.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("script", SCRIPTS, ids=[script.relative_to(FILES).as_posix() for script in SCRIPTS])
def test_every_import_names_a_file_beside_it(script: Path) -> None:
    """A browser takes no bare names, and there is no build that would resolve them."""
    for name in re.findall(r'^(?:import|export)\b.*\bfrom\s*"([^"]*)"', script.read_text("utf-8"), re.MULTILINE):
        assert name.startswith("."), name
        assert (script.parent / name).resolve().is_file(), name


def test_the_browser_hears_of_every_module_at_once() -> None:
    with client_of(make_app()) as client:
        link = client.get("/").headers["link"]
        named = re.findall(r"<([^>]*)>; rel=modulepreload", link)
        assert len(named) == len(SCRIPTS) - 1
        assert "dashboard/main.js" in named
        assert "dashboard/theme.js" not in named  # it is no module
        for address in named:
            assert client.get(f"/{address}").status_code == 200


def test_no_file_reaches_beyond_this_server() -> None:
    for file in (*SCRIPTS, *FILES.rglob("*.css")):
        assert not re.search(r"sourceMappingURL|//(unpkg|cdn)|esm\.sh|@import|url\(", file.read_text("utf-8")), (
            file.name
        )


def test_every_script_is_used_and_every_style_is_linked() -> None:
    text = "".join(file.read_text("utf-8") for file in (FILES / "index.html", *SCRIPTS))
    for file in (*SCRIPTS, *FILES.rglob("*.css")):
        assert f'/{file.name}"' in text, file.name


def _documents() -> list[str]:
    """Every exported document, with the fragments that it names."""
    texts = dict(re.findall(r"const (\w+) = /\* GraphQL \*/ `(.*?)`;", DOCUMENTS, re.DOTALL))
    return [
        re.sub(r"\$\{(\w+)\}", lambda name: texts[name[1]], text)
        for name, text in texts.items()
        if f"export const {name} " in DOCUMENTS
    ]


@pytest.mark.parametrize("document", _documents(), ids=[text.split("(")[0] for text in _documents()])
def test_every_document_is_valid(document: str) -> None:
    assert not validate(schema._schema, parse(document))


def test_files_are_found_in_an_installed_package_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("packed")
    monkeypatch.setattr(dashboard, "_PACKED", tmp_path)
    with client_of(make_app()) as client:
        assert client.get("/").text == "packed"


def test_every_module_says_what_it_is_for() -> None:
    """Front-end developers read these files as an example."""
    for script in SCRIPTS:
        if script.parent.name != "vendor" and script.name not in {"main.js", "theme.js"}:
            assert script.read_text("utf-8").startswith("// "), script.name
