"""Iterators that are closed when their reader goes away."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from typing import TypeVar

T = TypeVar("T")


async def closable(pieces: AsyncIterator[T]) -> AsyncGenerator[T, None]:
    """Yield the same, for `contextlib.aclosing`: closing it closes `pieces`, which is what stops a generation."""
    try:
        async for piece in pieces:
            yield piece
    finally:
        if isinstance(pieces, AsyncGenerator):
            await pieces.aclose()
