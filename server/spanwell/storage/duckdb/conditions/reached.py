"""The values that a JSON Pointer addresses in a document, in SQL: the counterpart of `questions.pointers.reach`.

DuckDB follows a pointer through objects and indexes in one call. Only if that finds nothing, and there may be a list on
the way, are the steps taken one by one.
"""

import re

from spanwell.observability.questions.pointers import is_index, steps_of

from .sql import FALSE, Sql, all_of, any_of

_PLAIN = re.compile(r"[\w .:-]+", re.ASCII)
"""Keys that JSON writes literally, unless the writer escaped characters needlessly."""

_ESCAPED = "\\u"
_ESCAPES = (_ESCAPED, "\\/")
"""Escapes that JSON allows but does not need."""


def has_escapes(document: str) -> str:
    """Return the SQL condition that a document may write some text otherwise than `model.text.escaped` does."""
    return "(" + " OR ".join(f"contains({document}, '{escape}')" for escape in _ESCAPES) + ")"


def may_go_through_lists(document: str, pointer: str) -> Sql:
    """Return the SQL condition that a pointer which finds nothing directly may lead into the elements of a list."""
    steps = steps_of(pointer)
    if all(map(is_index, steps)):
        return FALSE
    if len(steps) == 1:
        return Sql(f"CASE WHEN CAST({document} AS VARCHAR) < '{{' THEN regexp_matches({document}, '^\\s*\\[') END")
    keys = [step for step in steps if _PLAIN.fullmatch(step) and not is_index(step)]
    named = [Sql(f"contains({document}, ?)", (key,)) for key in keys]
    has_keys = any_of((all_of(named), Sql(f"contains({document}, ?)", (_ESCAPED,))))
    return all_of((Sql(f"contains({document}, '[')"), has_keys))


def path_in_each(pointer: str) -> str | None:
    """Return the JSONPath to the values that a pointer addresses in each object of a list; None if it may be an index.

    It does not lead into lists within the objects: see `beyond_paths`.
    """
    steps = steps_of(pointer)
    if any(is_index(step) or not _PLAIN.fullmatch(step) for step in steps):
        return None
    return "$[*]" + "".join(f'."{step}"' for step in steps)


def may_hold_lists(document: str) -> str:
    """Return the SQL condition that a list of objects may have lists within, or keys that are not written literally."""
    return f"({document} LIKE '_%[%' OR contains({document}, '{_ESCAPED}'))"


def beyond_paths(document: str, pointer: str) -> Sql:
    """Return the SQL condition that a pointer may address more in a list of objects than its path."""
    lists = [
        Sql(f"regexp_matches({document}, ?)", (f'"{re.escape(step)}"\\s*:\\s*\\[',)) for step in steps_of(pointer)[:-1]
    ]
    return any_of(
        (Sql(f"regexp_matches({document}, '[\\[,]\\s*\\[')"), *lists, Sql(f"contains({document}, '{_ESCAPED}')"))
    )


def values_at(document: str, pointer: str) -> Sql:
    """Return the list of JSON values that a pointer addresses, with NULL for every branch where it finds nothing."""
    found = Sql(f"[CAST({document} AS JSON)]")
    for place, step in enumerate(steps_of(pointer)):
        within = found if is_index(step) else elements_of(found, f"s{place}")
        spelled = "/" + step.replace("~", "~0").replace("/", "~1")
        found = "list_transform(" + within + Sql(f", lambda v{place}: json_extract(v{place}, ?))", (spelled,))
    return found


def elements_of(values: Sql, name: str = "e") -> Sql:
    """Return a list of JSON values in which each list is replaced by its elements."""
    spread = f"CASE WHEN json_type({name}) = 'ARRAY' THEN json_extract({name}, '$[*]') ELSE [{name}] END"
    return "flatten(list_transform(" + values + f", lambda {name}: {spread}))"
