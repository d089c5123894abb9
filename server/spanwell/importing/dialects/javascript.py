"""Converts objects as `console.dir` prints them, which the JS SDK's console exporter does, to JSON."""

import json
import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
    (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`)(?P<more>\s*\+\s*(?=['"`]))?
    |(?P<key>[A-Za-z_$][\w$]*)(?=\s*:)
    |(?P<nothing>undefined|\[Function[^\]]*\]|\[(?:Object|Array|Circular[^\]]*)\])
    |(?P<hole><ref\ \*\d+>\s*|\.\.\.\ \d+\ more\ items?)
    |(?P<big>-?\d+n\b)
    |(?P<date>\d{4}-\d\d-\d\dT[\d:.]+Z)
    |(?P<class>[A-Z]\w*(?:\(\d+\))?\s+(?=[{\[]))
    |(?P<rest>[^'"`A-Za-z_$\[\d.<]+|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
_COMMA = re.compile(r",(\s*[}\]])")


def as_json_text(shown: str) -> str:
    """Return printed objects as JSON; values that were cut off, or are undefined, become null."""
    return _COMMA.sub(r"\1", "".join(_parts(shown)))


def _parts(shown: str) -> Iterator[str]:
    begun = ""
    for token in _TOKEN.finditer(shown):
        if token["text"] is not None:
            begun += _plain(token["text"])
            if token["more"] is None:
                yield json.dumps(begun)
                begun = ""
        elif token["key"] is not None:
            yield json.dumps(token["key"])
        elif token["nothing"] is not None:
            yield "null"
        elif token["big"] is not None:
            yield token["big"][:-1]
        elif token["date"] is not None:
            yield json.dumps(token["date"])
        elif token["rest"] is not None:
            yield token["rest"]


def _plain(literal: str) -> str:
    return _ESCAPE.sub(_character, literal[1:-1])


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    return chr(int(code, 16)) if code else _LETTERS.get(match[4], match[4])
