"""What is scanned before documents are written in lower case misses none of them."""

import duckdb
import pytest

from spanwell.observability.model.text import escaped, fold
from spanwell.storage.duckdb.conditions.scopes import OF_SPANS
from spanwell.storage.duckdb.conditions.searching import in_any_case, search


def test_only_one_letter_is_of_no_case_that_automata_know() -> None:
    """The one that `searching` looks for besides."""
    letters = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    cased = [(letter, in_any_case(fold(letter))) for letter in letters if fold(letter) != letter]
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE letters (letter VARCHAR, pattern VARCHAR)")
        connection.execute(
            "INSERT INTO letters SELECT unnest($1::VARCHAR[]), unnest($2::VARCHAR[])",
            list(map(list, zip(*cased, strict=False))),
        )
        missed = connection.execute("SELECT letter FROM letters WHERE NOT regexp_matches(letter, pattern)").fetchall()
    assert len(cased) > 1_000
    assert missed == [("İ",)]


@pytest.mark.parametrize(
    "text",
    [
        "Istanbul",
        "İSTANBUL",
        "straSSe",
        "ЁЖ",
        "请问",
        "5 %",
        'a"b',
        "\\",
        "\n",
        "ﬁ",
        "x" * 500,
        "🚢",
        "ss",
        "k",
        "KSTR",
    ],
)
@pytest.mark.parametrize(
    "document", ["{}", '"İstanbul Straße ёж ЁЖ 请问 5 % 🚢 ﬁ"', '"STRASSE \\\\ a\\"b \\n"', '"' + "X" * 500 + '"']
)
def test_a_text_is_found_in_a_document_if_it_is_there_in_some_case(text: str, document: str) -> None:
    found = search(text, OF_SPANS)
    columns = ["name", "status_message", "error_info", "input", "output", "metadata", "attributes", "events"]
    nothing = ", ".join(f"NULL::VARCHAR AS {column}" for column in columns if column != "input")
    with duckdb.connect() as connection:
        row = f"(SELECT {nothing}, NULL::VARCHAR[] AS tags, ?::VARCHAR AS input) spans"
        rows = connection.execute(f"SELECT 1 FROM {row} WHERE {found.text}", [document, *found.values]).fetchall()
    assert bool(rows) is (fold(escaped(text)) in fold(document))
