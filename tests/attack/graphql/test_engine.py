"""What a statement could do to the machine if one ever came from outside: nothing, on the live connection."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from spanwell.storage.duckdb.tables.connection import MEMORY, attach, connect, cursor_of, settle

HOSTILE = """
SELECT * FROM read_csv('/etc/passwd')
SELECT * FROM read_text('/etc/passwd')
SELECT * FROM read_blob('/etc/passwd')
SELECT * FROM read_json('/etc/passwd')
SELECT * FROM read_parquet('/etc/passwd')
SELECT * FROM '/etc/passwd'
SELECT * FROM glob('/*')
SELECT * FROM sniff_csv('/etc/passwd')
SELECT * FROM local_of_python
COPY (SELECT 1) TO 'FOLDER/out.csv'
COPY (SELECT 1) TO 'FOLDER/out.parquet' (FORMAT parquet)
EXPORT DATABASE 'FOLDER/out'
IMPORT DATABASE 'FOLDER/out'
ATTACH 'FOLDER/other.duckdb' AS other
ATTACH '/etc/passwd' AS other (READ_ONLY)
INSTALL httpfs
LOAD httpfs
INSTALL 'FOLDER/evil.duckdb_extension'
LOAD 'FOLDER/evil.duckdb_extension'
INSTALL h3 FROM community
SET enable_external_access = true
SET allowed_directories = ['/']
SET allow_community_extensions = true
SET allow_unsigned_extensions = true
SET autoinstall_known_extensions = true
SET python_enable_replacements = true
SET memory_limit = '900GB'
SET threads = 1000
SET temp_directory = 'FOLDER'
SET secret_directory = 'FOLDER'
SET lock_configuration = false
RESET memory_limit
PRAGMA enable_profiling = 'json'
PRAGMA profiling_output = 'FOLDER/profile.json'
PRAGMA memory_limit = '900GB'
SET log_query_path = 'FOLDER/log'
CALL enable_logging(storage = 'file', storage_config = {'path': 'FOLDER/log'})
CREATE PERSISTENT SECRET evil (TYPE http)
""".strip().splitlines()


@pytest.fixture(scope="module")
def cursor() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(MEMORY, "512MB") as connection:
        attach(connection, MEMORY, "READ_WRITE")
        settle(connection, MEMORY)
        yield cursor_of(connection)


@pytest.mark.parametrize("statement", HOSTILE)
def test_no_statement_reaches_beyond_the_store_or_changes_its_limits(
    cursor: duckdb.DuckDBPyConnection, tmp_path: Path, statement: str
) -> None:
    local_of_python = [1]
    with pytest.raises(duckdb.Error):
        cursor.execute(statement.replace("FOLDER", str(tmp_path)))
    assert not [*tmp_path.iterdir()]
    assert local_of_python
    assert cursor.execute("SELECT current_setting('threads') < 1000").fetchall() == [(True,)]
