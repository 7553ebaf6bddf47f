"""A reader that reports which protections hold in its own process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from bot.reading.pieces import Piece, ReadItem
from bot.reading.sandbox.entering import find_held


def tell_protections(_path: Path, _: None) -> Iterator[ReadItem]:
    """Yield what holds, as JSON."""
    yield Piece(json.dumps(asdict(find_held())))
