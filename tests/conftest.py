"""What every test run shares: property tests try the same examples each time; `make fuzz` looks for new ones."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from tests.emulators.ports import choose_port

# A shell that runs tests in the background has all that they start ignore Ctrl-C; the programs under test must not.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("search", max_examples=1000, deadline=None, print_blob=True)
# For `make mutants`: that an example fails is enough, whichever it is.
settings.register_profile(
    "mutants", derandomize=True, deadline=None, database=None, phases=(Phase.explicit, Phase.generate)
)
settings.load_profile("repeatable")


@pytest.fixture
def unused_tcp_port() -> int:
    """A port on which nobody listens, nor begins to while the test runs: pytest-asyncio's may be given to another."""
    return choose_port()


@pytest.fixture
def database(worker_database: str) -> str:
    """The address of a database with the newest layout and nothing in it."""
    from tests.memory.postgres import server as postgres  # noqa: PLC0415 (only what uses it needs the time it takes)

    postgres.empty_database(worker_database)
    return worker_database


@pytest.fixture
def new_database(postgres_server: str) -> Iterator[str]:
    """The address of a database that a test may spoil."""
    from tests.memory.postgres import server as postgres  # noqa: PLC0415 (only what uses it needs the time it takes)

    made = postgres.make_database(postgres_server)
    yield made
    postgres.drop_database(postgres_server, made)


@pytest.fixture(scope="session")
def postgres_server(testrun_uid: str) -> Iterator[str]:
    """The address of a PostgreSQL that all workers of a test run share.

    Its folder is not pytest's, which shuts out the user that the server runs as when another run begins.
    """
    from tests.memory.postgres import server as postgres  # noqa: PLC0415 (only what uses it needs the time it takes)

    with postgres.start(Path(tempfile.gettempdir()) / f"scrubjay-postgres-{testrun_uid[:12]}") as address:
        yield address


@pytest.fixture(scope="session")
def worker_database(postgres_server: str) -> Iterator[str]:
    """The address of the database that the tests of one worker share, one after another."""
    from tests.memory.postgres import server as postgres  # noqa: PLC0415 (only what uses it needs the time it takes)

    made = postgres.make_database(postgres_server)
    yield made
    postgres.drop_database(postgres_server, made)
