"""Whether two answers to a question are the same."""

import csv
import re
from io import BytesIO, StringIO
from math import isclose
from typing import Any

import duckdb
import orjson
from arro3.io import read_parquet

from .case import Case

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d*?)0*Z")


def check(case: Case, answer: bytes, by_hand: bytes) -> None:
    """Raise `AssertionError` if a server's answer and that by hand are different."""
    read = _FILES[case.name.rpartition(" ")[2]] if case.is_export else orjson.loads
    where = _difference(read(answer), read(by_hand), case.name)
    assert where is None, where


def _difference(ours: Any, theirs: Any, where: str) -> str | None:
    """Return where two values differ, and how; figures need not be the same to the last digit."""
    if isinstance(ours, dict) and isinstance(theirs, dict) and ours.keys() == theirs.keys():
        pairs = [(f"{where}.{key}", value, theirs[key]) for key, value in ours.items()]
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        pairs = [(f"{where}[{place}]", *pair) for place, pair in enumerate(zip(ours, theirs, strict=True))]
    elif isinstance(ours, float | int) and isinstance(theirs, float | int):
        return None if isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9) else f"{where}: {ours}, by hand {theirs}"
    else:
        is_same = _moment(ours) == _moment(theirs)
        return None if is_same else f"{where}: {str(ours)[:200]}, by hand {str(theirs)[:200]}"
    return next((found for at, one, other in pairs if (found := _difference(one, other, at))), None)


def _moment(value: Any) -> Any:
    return _MOMENT.sub(r"\1Z", value) if isinstance(value, str) else value


def _lines(file: bytes) -> list[Any]:
    return [orjson.loads(line) for line in file.splitlines()]


def _cells(file: bytes) -> list[Any]:
    return [list(row) for row in csv.reader(StringIO(file.decode()))]


def _table(file: bytes) -> list[Any]:
    found = duckdb.from_arrow(read_parquet(BytesIO(file)))
    rows = found.select('* EXCLUDE ("startedAt")').fetchall()  # moments with a time zone, and without one
    return [found.columns, *map(list, rows)]


_FILES = {"jsonl": _lines, "csv": _cells, "parquet": _table}
