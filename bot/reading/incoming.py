"""A file that is to be read, as its reader gets it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A local file with what is known of it.

    `path` is named like the file, so that a reader's sentences can say `path.name`; it may be a folder for what is one,
    such as a Delta table. `media_type` is what the content shows, where it shows it, else what was declared. `size` is
    in bytes. `source` says where it is from: its path, its address, or the event it came with; the same source read
    again is the same document, changed.
    """

    path: Path
    name: str
    media_type: str
    size: int
    source: str
    password: str | None = field(default=None, repr=False)
