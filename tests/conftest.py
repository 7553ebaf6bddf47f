"""What every test run shares: property tests try the same examples each time; `make fuzz` looks for new ones."""

from __future__ import annotations

import signal

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
