from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.memory.postgres.server import drop_database, make_database


@pytest.fixture
def database(postgres_server: str) -> Iterator[str]:
    """The address of a database of this test's own, with the newest layout and nothing in it."""
    made = make_database(postgres_server)
    yield made
    drop_database(postgres_server, made)
