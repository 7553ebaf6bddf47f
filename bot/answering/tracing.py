"""Where the time of one answer goes, for whoever collects traces. Without a collector nothing is measured.

A span is given the platform, the model and counts, never people or texts.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

SpanValue = str | int | float | bool


class Span(Protocol):
    """A part of an answer that is being measured."""

    def note(self, **attributes: SpanValue) -> None:
        """Add what is known of it by now."""


class Tracer(Protocol):
    """Measures parts of answers; what begins within another is a part of that one."""

    def span(self, name: str, **attributes: SpanValue) -> AbstractContextManager[Span]:
        """Measure what is done within the block."""


class _NoSpan:
    def note(self, **attributes: SpanValue) -> None:
        pass


class _NoTracer:
    def span(self, name: str, **attributes: SpanValue) -> AbstractContextManager[Span]:  # noqa: ARG002 (the protocol's)
        return _NOTHING


_NOTHING = nullcontext(_NoSpan())
NO_TRACER: Tracer = _NoTracer()
"""Measures nothing."""
