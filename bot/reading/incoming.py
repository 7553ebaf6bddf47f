"""A file that is to be read, as its reader gets it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

_QUESTION = re.compile(
    r"[?？؟]|^\s*(?:what|who|when|where|why|how|which|summari[sz]e|explain|translate|list|find|tell\s+me|give\s+me)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A local file with what is known of it.

    `path` is named like the file, so that a reader's sentences can say `path.name`; it may be a folder for what is one,
    such as a Delta table. `media_type` is what the content shows, where it shows it, else what was declared. `size` is
    in bytes. `source` says where it is from: its path, its address, or the event it came with; the same source read
    again is the same document, changed. `caption` is what its sender wrote with it.
    """

    path: Path
    name: str
    media_type: str
    size: int
    source: str
    caption: str = ""
    password: str | None = field(default=None, repr=False)

    @property
    def has_question(self) -> bool:
        """Whether its caption asks something."""
        return asks_question(self.caption)


def asks_question(caption: str) -> bool:
    """Say whether what was written beside a file wants an answer."""
    return _QUESTION.search(caption) is not None
