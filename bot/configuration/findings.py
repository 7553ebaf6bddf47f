"""What a check of the set-up found, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "note", "broken"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; `mend` says what to do about a note or something broken."""

    name: str
    state: State
    found: str
    mend: str = ""
