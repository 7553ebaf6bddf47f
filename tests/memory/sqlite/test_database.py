from __future__ import annotations

from pathlib import Path

import pytest

from memory.sqlite.database import connect, version


def test_the_sqlite_of_the_wheel_is_used_even_where_the_system_has_one_that_loads_extensions(tmp_path: Path) -> None:
    wheel = pytest.importorskip("pysqlite3.dbapi2")

    connection = connect(tmp_path / "memory.db")
    try:
        assert isinstance(connection, wheel.Connection)
    finally:
        connection.close()


def test_the_sqlite_in_use_deletes_securely_from_the_word_index() -> None:
    assert tuple(int(part) for part in version().split(".")) >= (3, 42, 0)
