"""Full-text search in spans, in SQL: the counterpart of `reference.values.json_values.search_finds`."""

from collections.abc import Iterator

from spanwell.observability.model.text import escaped, sought_forms
from spanwell.observability.questions.conditions import SEARCHED_VALUES, SEARCHED_WHOLE
from spanwell.storage.duckdb.tables.columns import ATTRIBUTES
from spanwell.storage.duckdb.tables.shared_text import REPEATED, STAND_INS, has_text_sql

from .operators import has_case
from .reached import has_escapes
from .scopes import Scope
from .sql import Sql, any_of

_IS_READ = "json_type(v) IN ('VARCHAR', 'BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE')"
_MOST_CHARACTERS = 100
"""Characters of a text that all documents are scanned for: a longer pattern makes a large automaton."""


def search(text: str, scope: Scope) -> Sql:
    """Return the SQL condition that the readable parts of a span contain a text, ignoring case."""
    return any_of(part for form in sought_forms(text) for part in _parts(form, escaped(form), scope))


def _parts(plain: str, quoted: str, scope: Scope) -> Iterator[Sql]:
    for name in ("name", "status_message"):
        yield Sql(f"contains(lower({scope.column(name)}), ?)", (plain,))
    tags = scope.column("tags")
    yield Sql(f"len(list_filter({tags}, lambda tag: contains(lower(tag), ?))) > 0", (plain,))
    for name in SEARCHED_WHOLE:
        yield _written(scope.column(name), quoted)
    for name in SEARCHED_VALUES:
        # In stored attributes a digit stands for a text that is stored elsewhere.
        is_whole = name != ATTRIBUTES or plain in STAND_INS
        yield _has_value(scope.column(name) if is_whole else scope.as_stored(name), plain, quoted)
    if quoted != plain:
        for name in REPEATED:
            yield _repeated(plain, name, scope)


def _written(document: str, quoted: str) -> Sql:
    """Return the SQL condition that a document contains a text, escaped or not."""
    plain = f"contains(lower({document}), ?)"
    unescaped = f"CASE WHEN {has_escapes(document)} THEN contains(lower(TRY(json({document}))), ?) END"
    return _where_it_may_be(document, quoted, Sql(f"({plain} OR {unescaped})", (quoted, quoted)))


def _has_value(document: str, plain: str, quoted: str) -> Sql:
    """Return the SQL condition that a value at any depth contains the text; only matching documents are parsed."""
    values = f"json_extract({document}, '$.**')"
    found = f"len(list_filter({values}, lambda v: {_IS_READ} AND contains(lower(v ->> '$'), ?))) > 0"
    return _where_it_may_be(document, quoted, Sql(found, (plain,)))


def _where_it_may_be(document: str, quoted: str, condition: Sql) -> Sql:
    """Return a condition that is only evaluated for documents with the text in any case, or with escapes.

    Searching with an automaton takes less than half the time of lower-casing the documents. RE2's case folding misses
    only a single letter.
    """
    sought = quoted.lstrip(_OF_THREE_CASES)
    if not sought:
        return condition
    found = Sql("regexp_matches", (in_any_case(sought),)) if has_case(sought) else Sql("contains", (sought,))
    may_be = found + f"({document}, ?) OR {has_escapes(document)}"
    if "i" in sought:
        may_be += f" OR contains({document}, 'İ')"
    return "CASE WHEN " + may_be + " THEN " + condition + " END"


_OF_THREE_CASES = "ks"
"""Letters with a third case variant, such as the long s: a pattern that begins with one takes three times as long."""


def in_any_case(quoted: str) -> str:
    """Return an RE2 pattern that finds the beginning of a text, ignoring case."""
    return "(?i)" + "".join(f"\\x{{{ord(each):x}}}" for each in quoted[:_MOST_CHARACTERS])


def _repeated(plain: str, column: str, scope: Scope) -> Sql:
    """Return the SQL condition that an attribute contains a text that is stored as `input` or `output`.

    Quotes are not escaped there.
    """
    is_repeated = has_text_sql(scope.as_stored(ATTRIBUTES), column)
    return Sql(f"CASE WHEN {is_repeated} THEN contains(lower({scope.column(column)}), ?) END", (plain,))
