"""Lets time pass on the event loop's clock, so that no test has to wait, or depends on how fast a machine is."""

from __future__ import annotations

import asyncio

import pytest


def let_pass(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Move the loop's clock on: what is due by then (timeouts, sleeps) is due at once."""
    loop = asyncio.get_running_loop()
    before = loop.time
    monkeypatch.setattr(loop, "time", lambda: before() + seconds)
