"""Unpacks what a server sent packed: in a child process, counted while it comes out."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path

from bot.reading import ChildLimits, bytes_from_child
from plugins.web.unpacking import Coding, unpack

_LIMITS = ChildLimits(memory_mb=256, cpu_seconds=60)


async def inflate(packed: Path, target: Path, coding: Coding) -> int:
    """Unpack one file into another; return how many bytes it came to.

    Raises FileUnreadable when the packing is damaged. Stops behind `most` bytes: what it returns is then larger.
    """
    size = 0
    with target.open("wb") as file:
        async with aclosing(bytes_from_child(unpack, packed, coding, _LIMITS)) as blocks:
            async for block in blocks:
                size += len(block)
                if size > coding.most:
                    break
                await asyncio.to_thread(file.write, block)
    return size
