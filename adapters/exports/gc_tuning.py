"""Keeps Python's garbage collector from getting in the way of an import."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

NEW_OBJECTS = 50_000
"""So many new objects are made before the collector looks at them; Python's own figure is 700."""


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """Let the collector look less often while the block runs: for a process that does nothing else meanwhile.

    An import makes a dozen objects a message, all of which go by their reference counts; looking for cycles among them
    again and again takes a tenth of its time.
    """
    before = gc.get_threshold()
    gc.set_threshold(NEW_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
