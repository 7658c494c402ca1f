"""Extensions: those that are installed with the package, with DuckDB's signature, and no others."""

from pathlib import Path

import duckdb
import pytest

from mlcost_assets.errors import StorageError
from mlcost_assets.lake import engine


def test_an_extension_whose_file_was_changed_is_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = engine._packaged("ducklake")
    assert installed
    content = bytearray(installed.read_bytes())
    content[len(content) // 2] ^= 1
    changed = tmp_path / "ducklake.duckdb_extension"
    changed.write_bytes(content)
    monkeypatch.setattr(engine, "_packaged", lambda _: changed)
    monkeypatch.setattr(engine, "_checked", set())
    with pytest.raises(StorageError, match=r"ducklake extension cannot be loaded.*signature.*pip install"):
        engine.connect()


def test_nothing_is_fetched_because_a_statement_names_it() -> None:
    with engine.connect() as connection, pytest.raises(duckdb.Error, match="inet"):
        connection.execute("SELECT '1.2.3.4'::INET")
