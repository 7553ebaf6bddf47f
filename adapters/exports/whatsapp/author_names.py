"""Reads the names that authors go by, and tells which may be the start of a system line instead."""

from __future__ import annotations

import re
from collections.abc import Iterable

from adapters.exports.whatsapp.headers import clean, clean_name
from adapters.exports.whatsapp.system_lines import is_whatsapps_own

UNSURE = ""
"""Stands for an author who may be part of a system line."""
SOMEBODY = "Somebody"
"""Stands for an author whose name is empty, invisible, or only the sign of people who aren't among the contacts."""
_LONGEST_NAME = 120
_REMEMBERED = 100_000
_QUOTES = {"“": "”", "«": "»", "「": "」", "『": "』", "„": "“”"}
_STRAIGHT = re.compile(r'"')


class AuthorNames:
    """Knows the names of one chat's authors by how they are written; each is read once."""

    def __init__(self, title: str) -> None:
        self._title = title
        self.known: dict[str | None, str | None] = {None: UNSURE}

    def learn(self, authors: Iterable[str | None]) -> None:
        """Read those of these names that are new."""
        if len(self.known) > _REMEMBERED:
            self.known = {None: UNSURE}
        for raw in set(authors).difference(self.known):
            self.known[raw] = self._read(raw or "")

    def _read(self, raw: str) -> str:
        """Return the author's name, or `UNSURE` when it looks like the start of a system line."""
        if not clean(raw).strip(" ~\u2060\u200b\u200c\u200d\u00ad\u3164\u2800"):
            return SOMEBODY
        name = clean_name(raw)
        in_title = self._title.startswith(f"{name}: ")
        doubtful = not name or len(name) > _LONGEST_NAME or _opens_a_quote(name) or in_title or is_whatsapps_own(name)
        return UNSURE if doubtful else name


def _opens_a_quote(name: str) -> bool:
    """Tell whether a quotation opens in `name` and closes after it: then a colon within the quotation cut it."""
    if len(_STRAIGHT.findall(name)) % 2:
        return True
    return any(opening in name and not any(c in name.partition(opening)[2] for c in closing)
               for opening, closing in _QUOTES.items())  # fmt: skip
