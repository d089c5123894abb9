"""What the values of Parquet files mean, and which are refused."""

from pathlib import Path

import pytest

from spanwell.importing import ImportFailed
from spanwell.observability.model.span import SpanKind
from tests.importing.stores import Store
from tests.importing.test_files import one_row
from tests.making import START, at


@pytest.mark.parametrize(
    ("column", "name", "expected"),
    [
        ("'2026-01-01T02:00:00.000000001+02:00' AS started_at", "started_at", START + 1),
        (f"'{START + 2}' AS started_at", "started_at", START + 2),
        (f"{START + 3}::UBIGINT AS started_at", "started_at", START + 3),
        ("TIMESTAMP_NS '2026-01-01 00:00:00.000000004' AS started_at", "started_at", START + 4),
        ("TIMESTAMPTZ '2026-01-01 02:00:01+02' AS ended_at", "ended_at", at(1)),
        ("1 AS is_event", "is_event", True),
        ("""'["x", "y,z"]' AS tags""", "tags", ["x", "y,z"]),
        ("[1, 2] AS tags", "tags", ["1", "2"]),
        ("'CLIENT' AS kind", "kind", SpanKind.CLIENT),
        (f'\'{{"b":1.10,"a":{10**30}}}\' AS input', "input", f'{{"b":1.10,"a":{10**30}}}'),
        ("'null' AS input", "input", None),
        ("{'k': NULL} AS input", "input", '{"k":null}'),
        ("'nan'::DOUBLE AS pod", "attributes", None),
        ("0.1::FLOAT AS pod", "attributes", '{"pod":0.1}'),
        ("0.5::DOUBLE AS pod", "attributes", '{"pod":0.5}'),
        ("{'k': NULL} AS pod", "attributes", '{"pod":{"k":null}}'),
        ("""'{"own":null}' AS attributes""", "attributes", '{"own":null}'),
        ("""'{"own":1.0,"pod":1}' AS attributes, 2 AS pod""", "attributes", '{"own":1.0,"pod":2}'),
    ],
)
def test_a_value_of_parquet_keeps_its_meaning(
    store: Store, tmp_path: Path, column: str, name: str, expected: object
) -> None:
    store.add(one_row(tmp_path / "a.parquet", column))
    assert getattr(store.span("t", "a"), name) == expected


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("NULL::VARCHAR AS trace_id", "row 1: `trace_id` is missing."),
        ("NULL::VARCHAR AS name", "row 1: `name` is missing."),
        ("NULL::TIMESTAMP AS started_at", "row 1: `started_at` is missing."),
        ("'soon' AS started_at", "row 1: `started_at` is not an RFC 3339 date and time"),
        ("TIMESTAMP '9999-01-01' AS started_at", "row 1: `startedAt` is outside the years 1677 to 2262."),
        ("18446744073709551615::UBIGINT AS ended_at", "row 1: `endedAt` is outside the years 1677 to 2262."),
        ("DATE '2026-01-01' AS started_at", "has a column started_at of type DATE, which is not a time."),
        ("1.5::DOUBLE AS ended_at", "has a column ended_at of type DOUBLE, which is not a time."),
        ("'yes' AS is_event", "has a column is_event of type VARCHAR, which is not boolean."),
        ("3 AS kind", "row 1: `kind` is none of INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER."),
        ("'x,y' AS tags", "row 1: `tags` has a value of the wrong type."),
        ("['x', NULL] AS tags", "row 1: `tags` has a value of the wrong type."),
        ("'hello' AS input", "row 1: `input` is not JSON."),
        ("""'{"a":NaN}' AS input""", "row 1: `input` is not JSON."),
        ("{'a': 'inf'::DOUBLE} AS input", "row 1: `input` is not JSON."),
        ("'[1]' AS attributes, 2 AS pod", "row 1: `attributes` is not an object"),
    ],
)
def test_a_bad_value_of_parquet_is_named_and_nothing_of_its_batch_is_stored(
    store: Store, tmp_path: Path, column: str, said: str
) -> None:
    file = one_row(tmp_path / "a.parquet", column)
    with pytest.raises(ImportFailed) as failed:
        store.add(file)
    assert str(failed.value).startswith(f"{file} {said}")
    assert str(failed.value).endswith(" 0 spans were stored before it.")
    assert store.counts() == (0, 0)
