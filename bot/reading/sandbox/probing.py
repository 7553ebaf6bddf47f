"""Asks a reading process which protections work on this machine."""

from __future__ import annotations

import json
from pathlib import Path

from bot.reading.child import in_child
from bot.reading.pieces import Piece
from bot.reading.sandbox.protections import Protections
from bot.reading.sandbox.self_report import tell_protections


async def find_protections() -> Protections:
    """Start a child as for any file, and return what holds in it. Raises FileUnreadable when none can be started."""
    found = [item async for item in in_child(tell_protections, Path(__file__), None) if isinstance(item, Piece)]
    told = json.loads(found[0].text)
    return Protections(**told | {"namespaces": tuple(told["namespaces"])})
